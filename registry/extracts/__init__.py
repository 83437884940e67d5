"""Data out: counts, and the extracts of approved requests.

Always true here: nobody is counted or included whose consent does not allow
every use that the purpose makes, today; no figure tells of fewer than eleven
people; no code of the registry leaves; an extract is asked about again at the
moment it is taken; no extract is made where the vault is closed, which alone
can make its codes.
"""
