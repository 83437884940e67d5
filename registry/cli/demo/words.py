"""Passwords for a demonstration: words that are easy to type, drawn anew each time."""

import secrets

_TEXT = """
    abeille abricot acajou agneau airelle algue amande ambre ananas ancre anguille argile
    asperge aubier aurore aviron azalee badiane balcon bambou banquise basalte basilic bateau
    bergamote bleuet bobine boussole bouton branche brioche brume bruyere cabane cactus cadran
    caillou calanque caramel carafe cardon cascade cedre cerceau cerfeuil cerise chalet
    chamois charrue chataigne chevreuil chouette ciboule cigale citadelle citron clairiere
    clocher coccinelle colibri colline comete corail cordage coton coudrier courge crocus
    dauphin dentelle diapason dolmen domino dragee dune echarpe ecluse ecorce ecureuil
    eglantine embrun encrier epinette erable escargot estuaire etincelle etoile faience falaise
    fanion fenouil feuillage figuier flacon flute fougere fourmi fraise framboise freesia
    frimas fusain galet garrigue genet geyser gingembre girafe girofle givre glacier glycine
    goeland gondole granit grenade grillon groseille guitare hamac hameau harpe herisson
    hirondelle horloge houblon huitre iguane iris jaspe jonquille kayak kiosque laiton
    lanterne laurier lavande lezard libellule lilas loutre lucarne luzerne magnolia mandarine
    marmite marronnier melisse menthe merisier mesange mimosa mirabelle moineau moulin muguet
    muscade myrtille narcisse navire noisette nuage oasis olivier orage orchidee ortie osier
    palmier pamplemousse panier papillon parasol passerelle pastel peuplier phare pinceau
    pirogue pivoine planche platane pluie poivron pommier potiron praline prairie primevere
    quartz quenouille radis raisin rameau ravine ressac rhubarbe rivage romarin roseau
    rosee ruisseau safran sapin sarcelle saule sauterelle savane sentier serpolet sillage
    tambour tamis tilleul tisane toboggan topaze tortue toucan tournesol trefle tuile tulipe
    vallon vanille vendange verger verveine violette voilier volcan zephyr
"""
_WORDS = tuple(_TEXT.split())
_WORDS_EACH = 4


def password() -> str:
    """Four words and three digits: about 42 bits, and nobody's from the list of common ones."""
    words = [secrets.choice(_WORDS) for _ in range(_WORDS_EACH)]
    return "-".join([*words, f"{secrets.randbelow(1000):03d}"])
