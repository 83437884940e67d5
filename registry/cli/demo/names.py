"""Names as people in France bear them: given names by sex and decade of birth, family names."""

import random
import re

from registry.vocab.people import Sex


def _listed(text: str) -> tuple[str, ...]:
    return tuple(re.split(r",\s+", text.strip().rstrip(",")))


#: The first decade of birth for which there are given names, and the last.
DECADES = (1930, 2000)

_GIVEN: dict[Sex, dict[int, tuple[str, ...]]] = {
    Sex.FEMALE: {
        1930: _listed(
            """Jeannine, Jacqueline, Denise, Paulette, Simone, Yvette, Marcelle, Madeleine,
            Suzanne, Odette, Geneviève, Thérèse, Renée, Huguette, Raymonde, Ginette, Lucette,
            Germaine, Andrée, Solange, Marie-Thérèse, Cécile, Yolande, Léone"""
        ),
        1940: _listed(
            """Monique, Nicole, Françoise, Christiane, Danielle, Michèle, Josette, Colette,
            Marie-Thérèse, Jeannine, Liliane, Arlette, Éliane, Annie, Claudine, Marie-Claude,
            Bernadette, Jocelyne, Andrée, Mireille, Rolande, Michelle, Fatma, Marie-Louise"""
        ),
        1950: _listed(
            """Martine, Chantal, Françoise, Annie, Dominique, Évelyne, Brigitte, Marie-Christine,
            Marie-France, Ghislaine, Jocelyne, Élisabeth, Maryse, Danièle, Marie-Claude, Joëlle,
            Béatrice, Maria, Fatima, Odile, Marie-Hélène, Régine, Josiane, Anne-Marie"""
        ),
        1960: _listed(
            """Sylvie, Catherine, Nathalie, Véronique, Isabelle, Patricia, Christine, Corinne,
            Valérie, Florence, Pascale, Brigitte, Anne, Laurence, Muriel, Agnès, Bénédicte,
            Myriam, Khadija, Marie-Laure, Dominique, Hélène, Maria de Fátima, Fabienne"""
        ),
        1970: _listed(
            """Sandrine, Stéphanie, Karine, Céline, Delphine, Sophie, Virginie, Christelle,
            Séverine, Laetitia, Nathalie, Magali, Carole, Anne-Sophie, Samira, Nadia, Gaëlle,
            Peggy, Emmanuelle, Sabrina, Aïcha, Raphaëlle, Marie-Laure, Karima"""
        ),
        1980: _listed(
            """Aurélie, Émilie, Élodie, Julie, Audrey, Jennifer, Mélanie, Vanessa, Amandine,
            Élise, Claire, Charlotte, Jessica, Cindy, Anaïs, Laëtitia, Soizic, Yasmina, Aminata,
            Marie-Charlotte, Fanny, Perrine, Anne-Laure, Noémie"""
        ),
        1990: _listed(
            """Laura, Camille, Marine, Pauline, Manon, Léa, Océane, Morgane, Justine, Chloé,
            Mathilde, Clémence, Margaux, Inès, Sarah, Coralie, Solène, Maëva, Kenza, Fatoumata,
            Andréa, Alizée, Maëlle, Héloïse"""
        ),
        2000: _listed(
            """Emma, Lucie, Clara, Lola, Jade, Romane, Zoé, Louise, Éva, Lilou, Noémie, Maëlys,
            Lina, Célia, Juliette, Agathe, Ambre, Louna, Capucine, Aya, Éléa, Apolline, Maïwenn,
            Salomé"""
        ),
    },
    Sex.MALE: {
        1930: _listed(
            """Jean, André, Roger, Robert, Marcel, René, Pierre, Maurice, Raymond, Georges,
            Lucien, Henri, Louis, Fernand, Gaston, Émile, Eugène, Joseph"""
        ),
        1940: _listed(
            """Michel, Jean-Claude, Claude, Bernard, Jean-Pierre, Gérard, Guy, Jacques, Yves,
            Jean-Marie, Serge, Francis, Mohamed, Rémy, Noël, Hervé, Gilbert, Jean-Louis"""
        ),
        1950: _listed(
            """Alain, Daniel, Patrick, Christian, Jean-Luc, Dominique, Jean-François, Joël,
            Jean-Paul, Gérard, Ahmed, Régis, Loïc, Denis, Jean-Michel, Manuel, Gilles, Antonio"""
        ),
        1960: _listed(
            """Philippe, Thierry, Pascal, Éric, Laurent, Bruno, Didier, Franck, Frédéric, Marc,
            José, Olivier, Stéphane, Rachid, Jean-Christophe, Benoît, Hervé, François-Xavier"""
        ),
        1970: _listed(
            """Christophe, David, Sébastien, Jérôme, Cédric, Nicolas, Fabrice, Arnaud, Karim,
            Grégory, Ludovic, Samuel, Emmanuel, Mickaël, Raphaël, Xavier, Stéphane, Gaël"""
        ),
        1980: _listed(
            """Julien, Guillaume, Thomas, Romain, Mathieu, Jérémy, Anthony, Benjamin, Kévin,
            Maxime, Aurélien, Damien, Vincent, Mehdi, Jonathan, Fabien, Erwan, Mamadou"""
        ),
        1990: _listed(
            """Alexandre, Quentin, Florian, Valentin, Clément, Dylan, Hugo, Théo, Corentin,
            Adrien, Yanis, Bastien, Loïc, Rémi, Jordan, Baptiste, Tanguy, Amadou"""
        ),
        2000: _listed(
            """Lucas, Enzo, Mathis, Nathan, Léo, Arthur, Noah, Gabriel, Axel, Raphaël, Ethan,
            Maël, Jules, Timothée, Rayan, Titouan, Côme, Ilyès"""
        ),
    },
}

_SECOND: dict[Sex, tuple[str, ...]] = {
    Sex.FEMALE: _listed(
        """Marie, Anne, Jeanne, Louise, Hélène, Marguerite, Françoise, Catherine, Élisabeth,
        Joséphine, Rose, Germaine, Thérèse, Yvonne, Lucienne, Michelle, Sylvie"""
    ),
    Sex.MALE: _listed(
        """Jean, Marie, Pierre, Louis, Joseph, Henri, Paul, Émile, Charles, François, André,
        Marcel, Claude, Michel, Georges, Alain"""
    ),
}

_FAMILY = _listed(
    """Abadie, Aït-Ahmed, Allard, Amrani, Andrieu, Arnaud, Aubert, Auger, Bacquet, Bailly,
    Barbier, Baudouin, Béguin, Belkacem, Benali, Bénard, Benoît, Berger, Bernard, Berthelot,
    Bertin, Besnard, Besson, Bigot, Blanchard, Bodin, Boisseau, Bonnet, Boucher, Bouhassoun,
    Boulanger, Bourgeois, Boutin, Bouvier, Breton, Briand, Brossard, Brunet, Buisson, Cadiou,
    Caillaud, Camara, Caron, Carpentier, Carré, Chabot, Charpentier, Châtelain, Chauveau,
    Chevalier, Clément, Cohen, Colin, Cordier, Cornu, Coulibaly, Courtois, Cousin, Da Costa,
    Da Silva, Dauphin, David, De Almeida, De Oliveira, de Kerangal, de La Brosse, de Montigny,
    de Saint-Aubin, Delattre, Delaunay, Delorme, Denis, Deschamps, d’Hervilly, Diallo, Didier,
    Diop, Djebbar, Dos Santos, Dubois, Duchêne, Dufour, Dumas, Dumont, Dupont, Durand, Dussaule,
    du Plessis, El Amrani, El Idrissi, Etcheverry, Étienne, Fabre, Faure, Fernandes, Ferrand,
    Ferreira, Fleury, Fontaine, Fournier, François, Frémont, Gaillard, Gallet, Garnier, Gaudin,
    Gauthier, Geoffroy, Gérard, Gilbert, Girard, Gómez, Gonçalves, Grégoire, Grosjean, Guérin,
    Guilbert, Guillou, Haddad, Hamon, Hardy, Hernández, Herbert, Huet, Humbert, Imbert, Jacquet,
    Jaouen, Joubert, Jourdain, Julien, Keïta, Kervella, Klein, Kowalczyk, Lacroix, Laforêt,
    Lambert, Langlois, Laurent, Lebrun, Leclerc, Lecomte, Lefebvre, Lefèvre, Léger, Legrand,
    Lemaître, Lemoine, Leroy, Lévêque, Le Bihan, Le Corre, Le Gall, Le Goff, Le Roux, Lopes,
    López, Lucas, Mahé, Maillard, Mallet, Marchand, Maréchal, Marie-Joseph, Marion, Martin,
    Martín, Martinez, Marty, Masson, Mathieu, Maurice, Ménard, Mercier, Meunier, Meyer, Michaud,
    Millet, Moreau, Morel, Morin, Morvan, Moulin, Müller, N’Diaye, N’Guessan, Naudin, Nguyen,
    Nicolas, Noël, Nowak, Olivier, Ouattara, Paget, Papin, Pasquier, Payet, Pelletier, Pereira,
    Pérez, Perrin, Perrot, Petit, Pham, Picard, Pichon, Poirier, Poulain, Prévost, Prigent,
    Quéméner, Raynaud, Rémy, Renard, Ribeiro, Richard, Rivière, Robert, Rocher, Rodrigues,
    Rolland, Rossi, Rouault, Roussel, Royer, Sabatier, Saïdi, Salaün, Sanchez, Sauvage, Schmitt,
    Schneider, Seguin, Sénéchal, Simon, Sissoko, Soulier, Tanguy, Teixeira, Tessier, Thévenot,
    Thibault, Thomas, Touré, Tran, Traoré, Trouvé, Valentin, Vallée, Vasseur, Verdier, Vidal,
    Villeneuve, Vincent, Vitry, Voisin, Wagner, Weber, Weiß, Yüksel, Zidane, Ziegler, Žukauskas"""
)

#: Where people of this region live: a postal code and its town.
RESIDENCES = (
    ("37000", "Tours"),
    ("37300", "Joué-lès-Tours"),
    ("37400", "Amboise"),
    ("37600", "Loches"),
    ("37500", "Chinon"),
    ("37540", "Saint-Cyr-sur-Loire"),
    ("37700", "Saint-Pierre-des-Corps"),
    ("41000", "Blois"),
    ("41100", "Vendôme"),
    ("41200", "Romorantin-Lanthenay"),
    ("45000", "Orléans"),
    ("45160", "Olivet"),
    ("45200", "Montargis"),
    ("36000", "Châteauroux"),
    ("18000", "Bourges"),
    ("86100", "Châtellerault"),
    ("49400", "Saumur"),
    ("72000", "Le Mans"),
)

_BIRTHPLACES_NEAR = _listed(
    """Tours, Orléans, Blois, Bourges, Châteauroux, Chinon, Vendôme, Le Mans, Saumur, Poitiers,
    Angers, Chartres, Loches, Montargis, Châtellerault, Vierzon"""
)
_BIRTHPLACES_FAR = _listed(
    """Paris 14e, Brest, Saint-Étienne, Béziers, Lille, Fort-de-France, Saint-Denis de La Réunion,
    Oran, Casablanca, Porto, Bamako, Dakar, Hô Chi Minh-Ville, Wrocław, Ajaccio, Strasbourg,
    L’Haÿ-les-Roses, Saint-Malo, Perpignan, Tunis, Nancy, Clermont-Ferrand, Rouen, Nîmes"""
)

_COMPOUND_SHARE = 0.05
_SECOND_NAME_SHARE = 0.45
_BORN_NEAR_SHARE = 0.62


def given_names(rng: random.Random, sex: Sex, birth_year: int) -> str:
    """A given name of the decade, often with a second one that grandparents bore."""
    decade = min(max(birth_year // 10 * 10, DECADES[0]), DECADES[1])
    first = rng.choice(_GIVEN[sex][decade])
    if rng.random() >= _SECOND_NAME_SHARE:
        return first
    second = rng.choice([name for name in _SECOND[sex] if name not in first])
    return f"{first} {second}"


def family_name(rng: random.Random) -> str:
    """A family name; a few carry both parents'."""
    if rng.random() < _COMPOUND_SHARE:
        simple = [name for name in _FAMILY if name.isalpha()]
        return "-".join(rng.sample(simple, 2))
    return rng.choice(_FAMILY)


def birth_place(rng: random.Random) -> str:
    """A birthplace, more often near than far."""
    near = rng.random() < _BORN_NEAR_SHARE
    return rng.choice(_BIRTHPLACES_NEAR if near else _BIRTHPLACES_FAR)


def residence(rng: random.Random) -> tuple[str, str]:
    """A postal code and its town."""
    return rng.choice(RESIDENCES)
