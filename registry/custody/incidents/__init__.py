"""Quality incidents: what went wrong with samples, which are in quarantine until each is decided.

Always true here: whoever reported an incident decides none of its samples; no
sample leaves quarantine for one incident while another one, or a withdrawal,
keeps it there (ISO 20387, 7.11: nonconforming output).
"""
