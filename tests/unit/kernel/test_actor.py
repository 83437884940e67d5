"""An actor's roles hold at their sites and nowhere else."""

from registry.kernel.actor import Actor, Grant
from registry.vocab.people import Role


def test_a_role_at_one_site_does_not_hold_at_another():
    nurse = Actor(1, "n", "N", frozenset({Grant(Role.NURSE, 7)}))
    assert nurse.holds(Role.NURSE, 7)
    assert nurse.holds(Role.NURSE)
    assert not nurse.holds(Role.NURSE, 8)
    assert not nurse.holds(Role.TECHNICIAN)


def test_a_role_without_a_site_holds_everywhere():
    dpo = Actor(2, "d", "D", frozenset({Grant(Role.DPO)}))
    assert dpo.holds(Role.DPO, 99)
    assert 99 in dpo.sites(Role.DPO)


def test_somebody_without_roles_reaches_no_site():
    nobody = Actor(3, "x", "X")
    assert 1 not in nobody.sites()


def test_the_command_line_reaches_every_site_under_its_own_name():
    operator = Actor.system("import")
    assert 1 in operator.sites(Role.NURSE)
    assert operator.login == "system:import"
