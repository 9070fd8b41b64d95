# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""A trie -> bit sets that say, without a look at it, whether a walk from a token can find anything (`resolver.scan` asks them).

One source, two roads, as in `resolver.tokenizer`. A token in three or four begins some form, and of these one in a hundred goes on as a
form does: who asks for both tokens at once is spared nearly every walk. A bit that is set may be another token's; one that is not
is never wrong.
"""

from __future__ import annotations

from array import array

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.scan import pair_mask, pair_slot, start_slot
else:
    from resolver.scan import pair_mask, pair_slot, start_slot

from resolver import traits as trait_bits

COMPILED = cython.compiled

FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
# For each thing, or up to twice as many: of others at most one in eight passes as a first token, one in thirty as two.
BITS = cython.declare(cython.ulonglong, 8)


# What a token is to the forms: it begins one; is one, in capitals; is one, in any case. Any two of them together are the greater one or more.
BEGINS, CAPITAL, ENDS = (
    cython.declare(cython.ulonglong, 1),
    cython.declare(cython.ulonglong, 2),
    cython.declare(cython.ulonglong, 3),
)
PROPER = cython.declare(cython.uint, trait_bits.PROPER)


@cython.cfunc
def _room(count: cython.ulonglong):
    """How many things -> an empty bit set with at least BITS bits for each, a power of two of them."""
    size: cython.ulonglong = 64
    while size < BITS * count:
        size *= 2
    return array("Q", bytes(size // 8))


@cython.cfunc
@cython.exceptval(check=False)
def _part(
    postings: cython.const[cython.uint][::1],
    traits: cython.const[cython.uint][::1],
    start: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
) -> cython.ulonglong:
    """Postings [start, end) of a token, and the traits of all aliases, none where they are not known -> what it is to the forms."""
    p: cython.Py_ssize_t
    if start < end and traits.shape[0] == 0:
        return ENDS
    for p in range(start, end):
        if not traits[postings[p]] & PROPER:
            return ENDS
    return CAPITAL if start < end else BEGINS


def start_bits(tokens, posting_at, postings, traits):
    """Token table of a trie, postings of its nodes and where each begin, traits of aliases or None -> two bits a token, as `scan` reads them."""
    table: cython.const[cython.ulonglong][::1] = memoryview(tokens)
    begin: cython.const[cython.uint][::1] = memoryview(posting_at)
    numbers: cython.const[cython.uint][::1] = memoryview(postings)
    known: cython.const[cython.uint][::1] = memoryview(array("I") if traits is None else traits)
    slot: cython.Py_ssize_t
    at: cython.ulonglong
    bits: cython.ulonglong
    root: cython.ulonglong
    count: cython.ulonglong = 0
    for slot in range(0, table.shape[0], 2):
        count += table[slot + 1] >> 32 != 0
    made = _room(2 * count)
    starts: cython.ulonglong[::1] = memoryview(made)
    for slot in range(0, table.shape[0], 2):
        root = table[slot + 1] >> 32
        if root:
            bits = _part(numbers, known, begin[root], begin[root + 1])
            at = start_slot(table[slot], starts.shape[0])
            starts[at >> 5] |= bits << (2 * (at & 31))
    return made


def pair_bits(tokens, edges, nodes: cython.Py_ssize_t):
    """Token table and edges of a trie of so many nodes -> bits for each two tokens that begin a form, as `scan` asks."""
    table: cython.const[cython.ulonglong][::1] = memoryview(tokens)
    edge: cython.const[cython.ulonglong][::1] = memoryview(edges)
    head: cython.ulonglong[::1] = memoryview(array("Q", bytes(8 * nodes)))  # of each node below the root, its token
    token: cython.ulonglong[::1] = memoryview(array("Q", bytes(8 * (table.shape[0] // 2 + 1))))  # by number
    slot: cython.Py_ssize_t
    at: cython.ulonglong
    low: cython.ulonglong = FULL >> 32
    count: cython.ulonglong = 0
    for slot in range(0, table.shape[0], 2):
        if table[slot]:
            token[table[slot + 1] & low] = table[slot]
            head[table[slot + 1] >> 32] = table[slot]
    head[0] = 0  # what no form begins with
    for slot in range(0, edge.shape[0], 2):
        count += edge[slot] != 0 and head[edge[slot] >> 32] != 0
    made = _room(count)
    pairs: cython.ulonglong[::1] = memoryview(made)
    for slot in range(0, edge.shape[0], 2):
        if edge[slot] and head[edge[slot] >> 32]:
            at = pair_slot(head[edge[slot] >> 32], token[edge[slot] & low], pairs.shape[0])
            pairs[at] |= pair_mask(head[edge[slot] >> 32], token[edge[slot] & low])
    return made
