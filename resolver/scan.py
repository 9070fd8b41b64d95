# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Text -> every place where the folded tokens of a listed surface form stand, in one pass over its tokens.

One source, two roads, as in `resolver.tokenizer`. It knows nothing of entities: it works on the flat arrays that `resolver.trie`
makes, and answers with nodes of the trie, whose aliases the caller verifies on the original text.

The walk through the trie follows the tokens one by one; across a gap that a writer may put inside a word (hyphen, apostrophe,
line-end hyphen, single spelled-out letters) it also tries the joined token, and it passes over articles (`al-`, `ez-`) inside
a name.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.eights import fetch  # noqa: I001
    from cython.cimports.resolver.proclitics import proclitics
    from cython.cimports.resolver.tokenizer import Room, absorb, letters_hash, load, tokenize
    from cython.cimports.resolver.tokens import (
        FIELDS, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD, GAP_HYPHEN, GAP_JOINER, GAP_JOINING,
        GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD, HIT, MIX, PRIME, SEED, SPREAD, STACK, TOKEN_ARABIC, TOKEN_ARTICLE,
        TOKEN_HEBREW, TOKEN_LOWER, TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip
else:
    from resolver.proclitics import proclitics  # noqa: I001
    from resolver.tokenizer import Room, absorb, letters_hash, load, tokenize
    from resolver.tokens import (
        FIELDS, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD, GAP_HYPHEN, GAP_JOINER, GAP_JOINING,
        GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD, HIT, MIX, PRIME, SEED, SPREAD, STACK, TOKEN_ARABIC, TOKEN_ARTICLE,
        TOKEN_HEBREW, TOKEN_LOWER, TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip

COMPILED = cython.compiled

WIDE_OPEN, WIDE_CLOSE = cython.declare(cython.uint, 0xFF08), cython.declare(cython.uint, 0xFF09)  # brackets of full width
# What a token is to the forms, as in `resolver.sieve`: 0 nothing; beyond BEGINS it is one, but below ENDS never in lower case.
BEGINS, ENDS = cython.declare(cython.int, 1), cython.declare(cython.int, 3)
WALK = cython.declare(cython.uint, 0xFFFFFFFF)  # instead of a node: there are fewer
MAX_JOIN = cython.declare(cython.int, 16)  # tokens that may be joined into one; names spelled out letter by letter are that long


@cython.final
@cython.cclass
class Automaton:
    """A trie of one generation, and what `resolver.sieve` says of it; nothing is copied."""

    def __init__(self, letters, tokens, edges, posting_at, starts, pairs):
        self.letters = letters
        self.tokens, self.edges, self.posting_at, self.starts, self.pairs = tokens, edges, posting_at, starts, pairs
        self.token_mask = len(tokens) // 2 - 1
        self.edge_mask = len(edges) // 2 - 1
        self.low = 0xFFFFFFFF


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def start_slot(h: cython.ulonglong, words: cython.ulonglong) -> cython.ulonglong:
    """Hash of a token, and how many words of 64 bits there are -> where its two bits are in them."""
    return (h >> 24) & (32 * words - 1)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def pair_slot(first: cython.ulonglong, second: cython.ulonglong, words: cython.ulonglong) -> cython.ulonglong:
    """Hashes of two tokens, each well mixed, and how many words of 64 bits there are -> the word that holds the bits of both."""
    return ((first + 2 * second) >> 24) & (words - 1)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def pair_mask(first: cython.ulonglong, second: cython.ulonglong) -> cython.ulonglong:
    """Hashes of two tokens -> their bits in that word, three: by one of them more than twice as many others would pass."""
    both: cython.ulonglong = first + 2 * second
    one: cython.ulonglong = 1
    return one << ((both >> 46) & 63) | one << ((both >> 52) & 63) | one << ((both >> 58) & 63)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _begins(a: Automaton, h: cython.ulonglong) -> cython.int:
    """Hash of a token -> what it may be to the forms."""
    at: cython.ulonglong = start_slot(h, a.starts.shape[0])
    return (a.starts[at >> 5] >> (2 * (at & 31))) & 3


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _ends(s: Room, t: cython.Py_ssize_t, bits: cython.int) -> cython.bint:
    """Token, and what it may be to the forms -> whether it may be one, as it is written."""
    return bits == ENDS or (bits > BEGINS and not s.token[FIELDS * t + 3] & TOKEN_LOWER)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def goes_on(a: Automaton, first: cython.ulonglong, second: cython.ulonglong) -> cython.bint:
    """Hashes of two tokens -> False when no form begins with both, one behind the other."""
    mask: cython.ulonglong = pair_mask(first, second)
    return a.pairs[pair_slot(first, second, a.pairs.shape[0])] & mask == mask


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def find_token(a: Automaton, h: cython.ulonglong) -> cython.ulonglong:
    """Token hash -> token id | root node << 32, or 0 when no listed form holds the token."""
    slot: cython.ulonglong = (h >> 3) & a.token_mask
    while a.tokens[2 * slot]:
        if a.tokens[2 * slot] == h:
            return a.tokens[2 * slot + 1]
        slot = (slot + 1) & a.token_mask
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def child_of(a: Automaton, node: cython.ulonglong, found: cython.ulonglong) -> cython.ulonglong:
    """Node and found token -> next node, or 0. Node 0 stands before the first token."""
    key: cython.ulonglong
    slot: cython.ulonglong
    if found == 0:
        return 0
    if node == 0:
        return found >> 32
    key = (node << 32 | (found & a.low)) & FULL
    slot = edge_slot(key) & a.edge_mask
    while a.edges[2 * slot]:
        if a.edges[2 * slot] == key:
            return a.edges[2 * slot + 1]
        slot = (slot + 1) & a.edge_mask
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def root_of(a: Automaton, h: cython.ulonglong) -> cython.ulonglong:
    """Token hash -> the node of the forms that begin with this token, 0 when none does."""
    return find_token(a, h) >> 32 if _begins(a, h) else 0


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def edge_slot(key: cython.ulonglong) -> cython.ulonglong:
    """Edge key -> where its probing starts (to be masked with the table's size)."""
    return ((key >> 32) * 40503) ^ (key & 0xFFFFFF) * 7919 ^ (key >> 15)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _joins(s: Room, t: cython.Py_ssize_t) -> cython.int:
    """Whether token t may be the rest of the word that the token before it began."""
    gap: cython.int = s.token[FIELDS * t + 2]
    if gap == GAP_HYPHEN or gap == GAP_APOSTROPHE or gap == 0:
        return 0 if s.token[FIELDS * t + 3] & TOKEN_SOLO else 1
    if gap & GAP_HYPHEN and gap & GAP_NEWLINE and not gap & (GAP_PARAGRAPH | GAP_HARD | GAP_JOINER | GAP_PERIOD):
        return 1
    if gap == GAP_BLANK or gap == GAP_PERIOD:
        return 1 if s.token[FIELDS * t + 3] & s.token[FIELDS * t - FIELDS + 3] & TOKEN_SINGLE else 0
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _passable(gap: cython.int) -> cython.int:
    """Whether a name may go on across this gap; `forms.closeness` lets brackets through where the form holds them too."""
    return 0 if gap & GAP_PARAGRAPH or (gap & GAP_HARD and not gap & GAP_BRACKET) else 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _skipped(s: Room, t: cython.Py_ssize_t) -> cython.int:
    """Whether token t is an article that a name may be read without; of a run of them the first two (`wa-al-`, no `al-al-al-`)."""
    if not s.token[FIELDS * t + 3] & TOKEN_ARTICLE:
        return 0
    return 0 if t > 1 and s.token[FIELDS * t - 3] & s.token[FIELDS * t - 9] & TOKEN_ARTICLE else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _walk(
    a: Automaton, s: Room, first: cython.Py_ssize_t, count: cython.Py_ssize_t, start: cython.int, head: cython.ulonglong
) -> cython.int:
    """Follow every reading from token `first`, whose own hash may be replaced by `head`; record hits that begin at `start`."""
    depth: cython.Py_ssize_t = 0
    t: cython.Py_ssize_t
    node: cython.ulonglong
    child: cython.ulonglong
    budget: cython.int = 256  # steps from one start: bounds the cost of hostile text
    s.stack[0] = 0
    s.stack[1] = first
    depth = 1
    while depth > 0 and budget > 0:
        budget -= 1
        depth -= 1
        node = s.stack[2 * depth]
        t = s.stack[2 * depth + 1]
        if t >= count or (t > first and not _passable(s.token[FIELDS * t + 2])):
            continue
        child = child_of(a, node, find_token(a, head if t == first else s.hash[t]))
        if child and depth < STACK - 3:
            _record(a, s, start, t, child)
            s.stack[2 * depth] = child
            s.stack[2 * depth + 1] = t + 1
            depth += 1
        if node and _skipped(s, t) and depth < STACK - 3:
            s.stack[2 * depth] = node
            s.stack[2 * depth + 1] = t + 1
            depth += 1
        if t != first or head == s.hash[t]:
            depth = _walk_joined(a, s, t, count, start, node, depth)
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _walk_joined(
    a: Automaton,
    s: Room,
    t: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    start: cython.int,
    node: cython.ulonglong,
    depth: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Steps from a node by token t and those that may be the rest of its word, as one token: onto the stack, whose depth is returned.

    Letters are hashed as `tokenizer.letters_hash` does it, each once.
    """
    j: cython.Py_ssize_t = t + 1
    w0: cython.Py_ssize_t = s.token[FIELDS * t + 4]
    w: cython.Py_ssize_t = w0
    h: cython.ulonglong = SEED  # of letters of ASCII, and eight of them that are not yet in it
    eight: cython.ulonglong = 0
    wide: cython.ulonglong = SEED  # of letters of any kind
    every: cython.uint = 0
    joined: cython.ulonglong
    child: cython.ulonglong
    while j < count and j - t < MAX_JOIN and _joins(s, j):
        if s.letter[w0] == 0x627:  # alef: an Arabic article, which does not count, may begin the word
            joined = letters_hash(s.letter, w0, s.token[FIELDS * j + 5])
        else:
            while w < s.token[FIELDS * j + 5]:
                every |= s.letter[w]
                wide = ((wide ^ s.letter[w]) * PRIME) & FULL
                eight |= (cython.cast(cython.ulonglong, s.letter[w]) << (8 * ((w - w0) & 7))) & FULL
                if (w - w0) & 7 == 7:
                    h = absorb(h, eight)
                    eight = 0
                w += 1
            joined = wide
            if every < 128:  # as `absorb` and `mixed` have it, which would be called from afar
                joined = ((h ^ eight) * SPREAD) & FULL if eight else h
            if every >= 128 or eight:
                joined ^= joined >> 29
            joined = (joined * MIX) & FULL
            joined = (joined ^ joined >> 32) | 1
        child = child_of(a, node, find_token(a, joined))
        if child and depth < STACK - 3:
            _record(a, s, start, j, child)
            s.stack[2 * depth] = child
            s.stack[2 * depth + 1] = j + 1
            depth += 1
        j += 1
        if j - t > 3 and not s.token[FIELDS * j - FIELDS + 3] & TOKEN_SINGLE:
            break
    return depth


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _is_open(s: Room, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.int:
    """Whether a bracket that opens in [start, end) does not close there: then the one behind belongs to the name."""
    depth: cython.int = 0
    i: cython.Py_ssize_t
    for i in range(start, end):
        if s.code[i] == 40 or s.code[i] == WIDE_OPEN:
            depth += 1
        elif s.code[i] == 41 or s.code[i] == WIDE_CLOSE:
            depth -= 1
    return 1 if depth > 0 else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _record(a: Automaton, s: Room, start: cython.int, t: cython.Py_ssize_t, node: cython.ulonglong) -> cython.int:
    end: cython.int
    if a.posting_at[node] < a.posting_at[node + 1] and HIT * s.hits + HIT <= s.hit.shape[0]:
        end = s.token[FIELDS * t + 1]
        s.hit[HIT * s.hits] = start
        s.hit[HIT * s.hits + 1] = end + 1 if (s.code[end] == 41 or s.code[end] == WIDE_CLOSE) and _is_open(s, start, end) else end
        s.hit[HIT * s.hits + 2] = node
        s.hits += 1
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _walk_cut(a: Automaton, s: Room, t: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.int:
    """Token with words of one letter glued in front of it -> a walk from each place where they may end, if a form may begin so."""
    k: cython.Py_ssize_t
    head: cython.ulonglong
    for k in range(proclitics(s, t)):
        head = s.rest[2 * k + 1]
        if head == s.hash[t] or _begins(a, head):
            _walk(a, s, t, count, s.token[FIELDS * t] + cython.cast(cython.int, s.rest[2 * k]), head)
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _may_join(s: Room, t: cython.Py_ssize_t) -> cython.bint:
    """Whether the token behind token t, or behind the last one, may be the rest of its word; it seldom may."""
    gap: cython.int = s.token[FIELDS * t + 8]
    return (gap == 0) | (gap & GAP_JOINING != 0) | (s.token[FIELDS * t + 3] & s.token[FIELDS * t + 9] & TOKEN_SINGLE != 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _joined_begins(a: Automaton, s: Room, t: cython.Py_ssize_t) -> cython.bint:
    """Token that the next may be joined to -> whether a form may begin with both in one word, or with more that may be joined."""
    joined: cython.ulonglong = letters_hash(s.letter, s.token[FIELDS * t + 4], s.token[FIELDS * t + 11])
    return _begins(a, joined) != 0 or _may_join(s, t + 1)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _may_follow(a: Automaton, s: Room, t: cython.Py_ssize_t, u: cython.Py_ssize_t) -> cython.bint:
    """Whether a form that begins with token t may go on with token u, or with a word that u begins."""
    if goes_on(a, s.hash[t], s.hash[u]):
        return True
    if not _may_join(s, u):
        return False
    return _may_join(s, u + 1) or goes_on(a, s.hash[t], letters_hash(s.letter, s.token[FIELDS * u + 4], s.token[FIELDS * u + 11]))


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _may_go_on(a: Automaton, s: Room, t: cython.Py_ssize_t) -> cython.bint:
    """Whether a form that begins with token t may hold more: with the token behind it, or with one behind an article.

    What is nearly always so is asked first: whether a gap can be passed is hard to foresee.
    """
    if not (
        goes_on(a, s.hash[t], s.hash[t + 1]) | (s.token[FIELDS * t + 9] & TOKEN_ARTICLE != 0) | _may_join(s, t + 1)
    ) or not _passable(s.token[FIELDS * t + 8]):
        return False
    if _may_follow(a, s, t, t + 1):
        return True
    if not s.token[FIELDS * t + 9] & TOKEN_ARTICLE or not _passable(s.token[FIELDS * t + 14]):
        return False
    return s.token[FIELDS * t + 15] & TOKEN_ARTICLE or _may_follow(a, s, t, t + 2)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _find_places(a: Automaton, s: Room) -> cython.Py_ssize_t:
    """Tokens of the room -> those that a form may begin with, in `place`: by themselves, joined to the next, or without proclitics.

    One in four is such a one, which one is as good as chance: nothing is branched on. Returns how many there are.
    """
    t: cython.Py_ssize_t
    places: cython.Py_ssize_t = 0
    count: cython.Py_ssize_t = s.tokens
    words: cython.ulonglong = a.starts.shape[0]
    at: cython.ulonglong
    gap: cython.int
    flags: cython.int
    after: cython.int = s.token[3]  # flags of the next token
    for t in range(count):
        at = start_slot(s.hash[t], words)
        flags = after
        gap = s.token[FIELDS * t + FIELDS + 2]
        after = s.token[FIELDS * t + FIELDS + 3]
        s.place[places] = cython.cast(cython.int, t)
        places += (
            ((a.starts[at >> 5] >> (2 * (at & 31))) & 3 != 0)
            | (gap == 0)
            | (gap & GAP_JOINING != 0)
            | ((flags & after & TOKEN_SINGLE) | (flags & (TOKEN_ARABIC | TOKEN_HEBREW)) != 0)
        )
    return places


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _fetch_words(a: Automaton, s: Room, places: cython.Py_ssize_t) -> cython.int:
    """So many places -> what `_choose` and the walks will read is on its way; compiled code alone needs that. In a long list each is
    far away in memory."""
    k: cython.Py_ssize_t
    h: cython.ulonglong
    behind: cython.ulonglong
    if cython.compiled:
        for k in range(places):
            h = s.hash[s.place[k]]
            behind = s.hash[s.place[k] + 1]
            fetch(cython.address(a.pairs[pair_slot(h, behind, a.pairs.shape[0])]))
            if _ends(s, s.place[k], _begins(a, h)):
                fetch(cython.address(a.tokens[2 * ((h >> 3) & a.token_mask)]))
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _choose(a: Automaton, s: Room, places: cython.Py_ssize_t) -> cython.int:
    """So many places -> of each, in `node`, WALK when longer forms may begin there, or else the node of the token alone."""
    k: cython.Py_ssize_t
    t: cython.Py_ssize_t
    bits: cython.int
    for k in range(places):
        t = s.place[k]
        bits = _begins(a, s.hash[t])
        s.node[k] = 0
        if (_may_join(s, t) and _joined_begins(a, s, t)) or (bits and _may_go_on(a, s, t)):
            s.node[k] = WALK
            if cython.compiled:
                fetch(cython.address(a.tokens[2 * ((s.hash[t] >> 3) & a.token_mask)]))
                fetch(cython.address(a.tokens[2 * ((s.hash[t + 1] >> 3) & a.token_mask)]))
        elif _ends(s, t, bits):
            s.node[k] = cython.cast(cython.uint, find_token(a, s.hash[t]) >> 32)
            if cython.compiled:
                fetch(cython.address(a.posting_at[s.node[k]]))
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def find_hits(a: Automaton, s: Room) -> cython.Py_ssize_t:
    """Tokens of the room -> hits in it (start, end, node), by start; returns how many."""
    k: cython.Py_ssize_t
    t: cython.Py_ssize_t
    count: cython.Py_ssize_t = s.tokens
    places: cython.Py_ssize_t
    s.hits = 0
    for k in range(count, count + 2):  # nothing goes on behind the last one
        s.token[FIELDS * k + 2], s.token[FIELDS * k + 3] = GAP_HARD | GAP_PARAGRAPH, 0
    places = _find_places(a, s)
    _fetch_words(a, s, places)
    _choose(a, s, places)
    for k in range(places):
        t = s.place[k]
        if s.node[k] == WALK:
            _walk(a, s, t, count, s.token[FIELDS * t], s.hash[t])
        elif s.node[k]:
            _record(a, s, s.token[FIELDS * t], t, s.node[k])
        if s.token[FIELDS * t + 3] & (TOKEN_ARABIC | TOKEN_HEBREW):
            _walk_cut(a, s, t, count)
    return s.hits


def scan(automaton: Automaton, text: str) -> list[tuple[int, int, int]]:
    """Text -> hits (start, end, node), by start; offsets are code points, half-open, at borders of tokens."""
    s: Room = Room(len(text))
    load(s, text)
    with cython.nogil:
        tokenize(automaton.letters, s, s.size)
        find_hits(automaton, s)
    k: cython.Py_ssize_t
    return [(s.hit[HIT * k], s.hit[HIT * k + 1], s.hit[HIT * k + 2]) for k in range(s.hits)]


def step(automaton: Automaton, node: cython.ulonglong, token: cython.ulonglong) -> int:
    """Node (0 at the start) and hash of the next token -> the next node, 0 where no listed form goes on so."""
    return child_of(automaton, node, find_token(automaton, token))
