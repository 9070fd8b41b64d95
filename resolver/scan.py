# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Text -> every place where the folded tokens of a listed surface form stand, in one pass over its tokens.

One source, two roads, as in `resolver.tokenizer`. Which tokens a walk through the trie (`resolver.walks`) can find anything from is
told by two bit sets (`resolver.sieve`) for a whole text at once.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.eights import fetch  # noqa: I001
    from cython.cimports.resolver.proclitics import proclitics
    from cython.cimports.resolver.tokenizer import Room, letters_hash, load, tokenize
    from cython.cimports.resolver.tokens import (
        FIELDS, GAP_HARD, GAP_JOINING, GAP_PARAGRAPH, HIT, TOKEN_ARABIC, TOKEN_ARTICLE, TOKEN_HEBREW, TOKEN_LOWER, TOKEN_SINGLE,
    )  # fmt: skip
    from cython.cimports.resolver.walks import Automaton, find_token, passable, record, walk
else:
    from resolver.proclitics import proclitics  # noqa: I001
    from resolver.tokenizer import Room, letters_hash, load, tokenize
    from resolver.tokens import (
        FIELDS, GAP_HARD, GAP_JOINING, GAP_PARAGRAPH, HIT, TOKEN_ARABIC, TOKEN_ARTICLE, TOKEN_HEBREW, TOKEN_LOWER, TOKEN_SINGLE,
    )  # fmt: skip
    from resolver.walks import Automaton, find_token, passable, record, walk

COMPILED = cython.compiled

# What a token is to the forms, as in `resolver.sieve`: 0 nothing; beyond BEGINS it is one, but below ENDS never in lower case.
BEGINS, ENDS = cython.declare(cython.int, 1), cython.declare(cython.int, 3)
WALK = cython.declare(cython.uint, 0xFFFFFFFF)  # instead of a node: there are fewer


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
def root_of(a: Automaton, h: cython.ulonglong) -> cython.ulonglong:
    """Token hash -> the node of the forms that begin with this token, 0 when none does."""
    return find_token(a, h) >> 32 if _begins(a, h) else 0


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
            walk(a, s, t, count, s.token[FIELDS * t] + cython.cast(cython.int, s.rest[2 * k]), head)
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
    ) or not passable(s.token[FIELDS * t + 8]):
        return False
    if _may_follow(a, s, t, t + 1):
        return True
    if not s.token[FIELDS * t + 9] & TOKEN_ARTICLE or not passable(s.token[FIELDS * t + 14]):
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
            walk(a, s, t, count, s.token[FIELDS * t], s.hash[t])
        elif s.node[k]:
            record(a, s, s.token[FIELDS * t], t, s.node[k])
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
