"""Signed recalls: tubes that another installation has, asked back or to be destroyed.

Always true here: a recall stops the use of its tubes the moment it is believed, also of
such as have not come yet; what became of a tube is said once; an answer is signed.
"""
