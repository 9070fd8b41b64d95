# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Tokens of a text -> the walks through the trie of listed forms that they allow, and the hits on the way.

One source, two roads, as in `resolver.tokenizer`. It knows nothing of entities: it works on the flat arrays that `resolver.trie`
makes, and answers with nodes of the trie, whose aliases the caller verifies on the original text.

A walk follows the tokens one by one; across a gap that a writer may put inside a word (hyphen, apostrophe, line-end hyphen, single
spelled-out letters) it also tries the joined token, and it passes over articles (`al-`, `ez-`) inside a name.
"""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

if cython.compiled:
    from cython.cimports.resolver.tokenizer import Room, absorb, letters_hash  # noqa: I001
    from cython.cimports.resolver.tokens import (
        FIELDS, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD, GAP_HYPHEN, GAP_JOINER, GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD,
        HIT, MIX, PRIME, SEED, SPREAD, STACK, TOKEN_ARTICLE, TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip
else:
    from resolver.tokenizer import Room, absorb, letters_hash  # noqa: I001
    from resolver.tokens import (
        FIELDS, FULL, GAP_APOSTROPHE, GAP_BLANK, GAP_BRACKET, GAP_HARD, GAP_HYPHEN, GAP_JOINER, GAP_NEWLINE, GAP_PARAGRAPH, GAP_PERIOD,
        HIT, MIX, PRIME, SEED, SPREAD, STACK, TOKEN_ARTICLE, TOKEN_SINGLE, TOKEN_SOLO,
    )  # fmt: skip

COMPILED = cython.compiled

WIDE_OPEN, WIDE_CLOSE = cython.declare(cython.uint, 0xFF08), cython.declare(cython.uint, 0xFF09)  # brackets of full width
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
@cython.nogil
@cython.exceptval(check=False)
def passable(gap: cython.int) -> cython.int:
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
def walk(
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
        if t >= count or (t > first and not passable(s.token[FIELDS * t + 2])):
            continue
        child = child_of(a, node, find_token(a, head if t == first else s.hash[t]))
        if child and depth < STACK - 3:
            record(a, s, start, t, child)
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
            record(a, s, start, j, child)
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
@cython.nogil
@cython.exceptval(check=False)
def record(a: Automaton, s: Room, start: cython.int, t: cython.Py_ssize_t, node: cython.ulonglong) -> cython.int:
    """Where a walk began, token t and the node that it led to -> a hit, where some form ends there."""
    end: cython.int
    if a.posting_at[node] < a.posting_at[node + 1] and HIT * s.hits + HIT <= s.hit.shape[0]:
        end = s.token[FIELDS * t + 1]
        s.hit[HIT * s.hits] = start
        s.hit[HIT * s.hits + 1] = end + 1 if (s.code[end] == 41 or s.code[end] == WIDE_CLOSE) and _is_open(s, start, end) else end
        s.hit[HIT * s.hits + 2] = node
        s.hits += 1
    return 0


def step(automaton: Automaton, node: cython.ulonglong, token: cython.ulonglong) -> int:
    """Node (0 at the start) and hash of the next token -> the next node, 0 where no listed form goes on so."""
    return child_of(automaton, node, find_token(automaton, token))
