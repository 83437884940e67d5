"""Changing the vault's keys while it is in use.

Always true here: whatever two processes hold at one moment, both read
everything and what either writes is found by the other.  It follows from five
rules, none of which needs the processes to speak to each other.

1. *A blob names its key.*  Whoever meets a number it does not hold reads its
   key source again; on one machine the key is there, because it is put into
   the file before anything is wrapped with it.  Keys held in memory are not
   forgotten in the middle of a unit of work.
2. *An index entry is written under every held number and looked for under
   all.*  A new number adds entries; it takes none away.  Where a row has room
   for one digest only, it is looked for under every held number, and the row
   says which one it was written with.
3. *Each unit of work looks at the key file once* (its inode, size and times)
   before anything else, and writers look after their turn has come: between
   two writers nobody can change keys.
4. *Nobody writes under a number that was retired.*  That is kept in the vault
   itself (``key_check``), not in a key file: a machine with an older file is
   refused instead of writing what the others cannot read or find.
5. *Everybody holds the oldest index key in use.*  All entries exist under it
   until it is retired, so a machine that has not heard of the newer one misses
   nobody; once it is retired the next one takes its place, and only then is
   whoever lacks that one refused.

Hence the order: the new key is distributed (held everywhere, used nowhere),
then promoted (new things are made with it), then everything is brought under
it, then the old one is retired.  With one machine the first two are one step,
by rule 1; with several, or with keys from the environment, they are two.

Data keys are wrapped again by compare-and-swap on the wrapped key itself: a
person erased or wrapped anew in between is left as it is.  A process killed at
any moment leaves each row under one key or the other; what is left to do is
read from the rows, so the next run goes on where it stopped.
"""
