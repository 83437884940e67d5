"""People who work with the registry: accounts, sites, roles, sign-in and sessions.

Always true here: a password exists only as an argon2id hash and a session
only as the digest of its token; what a sign-in tells an unknown person is the
same whether or not the account exists; a disabled account, a changed password
and a sign-out end the sessions in the same transaction; nobody changes their
own roles.
"""
