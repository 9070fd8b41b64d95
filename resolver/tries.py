# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, nonecheck=False
"""Sequences of keys -> tries in flat arrays, made by compiled code; one source, two roads, as in `resolver.align`."""

from __future__ import annotations

try:
    import cython
except ImportError:  # Cython is needed to compile, not to run
    from aliases import _nocython as cython

from resolver.assemble import room

COMPILED = cython.compiled

FULL = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
MIX = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads keys that differ in few bits


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _slot(key: cython.ulonglong) -> cython.ulonglong:
    return ((key * MIX) & FULL) >> 24


@cython.final
@cython.cclass
class Trie:
    """Sequences of 64-bit keys -> nodes, numbered as they are made; node 0 stands before the first key."""

    token_count: cython.Py_ssize_t
    node_count: cython.Py_ssize_t
    token_table: cython.ulonglong[::1]  # key of a token, 0 where the slot is empty; token_number beside it
    token_number: cython.uint[::1]
    tokens: cython.ulonglong[::1]  # by number - 1
    roots: cython.uint[::1]  # by number - 1: the node that the token alone leads to, 0 where none
    edge_table: cython.uint[::1]  # node that the edge leads to, 0 where the slot is empty
    edges: cython.ulonglong[::1]  # by node: parent << 32 | number of the token; 0 for nodes below the root

    def __init__(self):
        self.token_count, self.node_count = 0, 1
        self.token_table, self.token_number = room("Q", 1024), room("I", 1024)
        self.tokens, self.roots = room("Q", 512), room("I", 512)
        self.edge_table, self.edges = room("I", 1024), room("Q", 512)

    def add_all(self, keys, sizes, out):
        """Keys of sequences one behind the other, and how many each has -> the node of each sequence."""
        _add_all(self, keys, sizes, out)

    def size(self):
        """-> how many nodes there are."""
        return self.node_count

    def token_rows(self):
        """-> (key, number | root node << 32) of every token, by number, as one flat array."""
        rows = room("Q", 2 * self.token_count)
        _token_rows(self, rows)
        return rows

    def edge_rows(self):
        """-> (parent << 32 | token number, node) of every edge, by node, as one flat array."""
        rows = room("Q", 2 * self.node_count)
        return rows[: 2 * _edge_rows(self, rows)]


@cython.cfunc
def _add_all(t: Trie, keys: cython.const[cython.ulonglong][::1], sizes: cython.const[cython.ushort][::1], out: cython.uint[::1]):
    s: cython.Py_ssize_t
    k: cython.Py_ssize_t = 0
    _j: cython.Py_ssize_t
    node: cython.ulonglong
    number: cython.ulonglong
    for s in range(sizes.shape[0]):
        node = 0
        for _j in range(sizes[s]):
            if 2 * t.token_count + 2 >= t.token_table.shape[0]:
                _grow_tokens(t)
            if 2 * t.node_count + 2 >= t.edge_table.shape[0]:
                _grow_edges(t)
            number = _number(t, keys[k])
            node = _child(t, node, number)
            k += 1
        out[s] = cython.cast(cython.uint, node)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _number(t: Trie, key: cython.ulonglong) -> cython.ulonglong:
    """Key of a token -> its number, from 1."""
    mask: cython.ulonglong = t.token_table.shape[0] - 1
    slot: cython.ulonglong = _slot(key) & mask
    while t.token_table[slot]:
        if t.token_table[slot] == key:
            return t.token_number[slot]
        slot = (slot + 1) & mask
    t.tokens[t.token_count] = key
    t.token_count += 1
    t.token_table[slot] = key
    t.token_number[slot] = cython.cast(cython.uint, t.token_count)
    return t.token_count


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _child(t: Trie, node: cython.ulonglong, number: cython.ulonglong) -> cython.ulonglong:
    """Node and number of a token -> the node that it leads to, made when there is none."""
    mask: cython.ulonglong
    slot: cython.ulonglong
    key: cython.ulonglong
    if node == 0:
        if t.roots[number - 1] == 0:
            t.roots[number - 1] = cython.cast(cython.uint, t.node_count)
            t.node_count += 1
        return t.roots[number - 1]
    key = node << 32 | number
    mask = t.edge_table.shape[0] - 1
    slot = _slot(key) & mask
    while t.edge_table[slot]:
        if t.edges[t.edge_table[slot]] == key:
            return t.edge_table[slot]
        slot = (slot + 1) & mask
    t.edge_table[slot] = cython.cast(cython.uint, t.node_count)
    t.edges[t.node_count] = key
    t.node_count += 1
    return t.node_count - 1


@cython.cfunc
def _grow_tokens(t: Trie):
    size: cython.Py_ssize_t = 2 * t.token_table.shape[0]
    k: cython.Py_ssize_t
    slot: cython.ulonglong
    tokens: cython.ulonglong[::1] = room("Q", size // 2)
    roots: cython.uint[::1] = room("I", size // 2)
    table: cython.ulonglong[::1] = room("Q", size)
    numbers: cython.uint[::1] = room("I", size)
    for k in range(t.token_count):
        tokens[k] = t.tokens[k]
        roots[k] = t.roots[k]
        slot = _slot(tokens[k]) & (size - 1)
        while table[slot]:
            slot = (slot + 1) & (size - 1)
        table[slot] = tokens[k]
        numbers[slot] = cython.cast(cython.uint, k + 1)
    t.tokens, t.roots, t.token_table, t.token_number = tokens, roots, table, numbers


@cython.cfunc
def _grow_edges(t: Trie):
    size: cython.Py_ssize_t = 2 * t.edge_table.shape[0]
    k: cython.Py_ssize_t
    slot: cython.ulonglong
    edges: cython.ulonglong[::1] = room("Q", size // 2)
    table: cython.uint[::1] = room("I", size)
    for k in range(t.node_count):
        edges[k] = t.edges[k]
        if edges[k]:
            slot = _slot(edges[k]) & (size - 1)
            while table[slot]:
                slot = (slot + 1) & (size - 1)
            table[slot] = cython.cast(cython.uint, k)
    t.edges, t.edge_table = edges, table


@cython.cfunc
def _token_rows(t: Trie, rows: cython.ulonglong[::1]):
    k: cython.Py_ssize_t
    root: cython.ulonglong
    for k in range(t.token_count):
        root = t.roots[k]
        rows[2 * k] = t.tokens[k]
        rows[2 * k + 1] = root << 32 | cython.cast(cython.ulonglong, k + 1)


@cython.cfunc
def _edge_rows(t: Trie, rows: cython.ulonglong[::1]) -> cython.Py_ssize_t:
    k: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    for k in range(1, t.node_count):
        if t.edges[k]:
            rows[2 * count] = t.edges[k]
            rows[2 * count + 1] = k
            count += 1
    return count


@cython.ccall
def fill_table(rows: cython.const[cython.ulonglong][::1], slots: cython.const[cython.ulonglong][::1],
               table: cython.ulonglong[::1]) -> cython.void:
    """(key, value) pairs and where the probing for each begins -> open-addressed table of such pairs; key 0: empty slot."""
    mask: cython.ulonglong = table.shape[0] // 2 - 1
    slot: cython.ulonglong
    k: cython.Py_ssize_t
    for k in range(slots.shape[0]):
        slot = slots[k] & mask
        while table[2 * slot]:
            slot = (slot + 1) & mask
        table[2 * slot] = rows[2 * k]
        table[2 * slot + 1] = rows[2 * k + 1]


@cython.ccall
def post(nodes: cython.const[cython.uint][::1], numbers: cython.const[cython.uint][::1], at: cython.uint[::1],
         out: cython.uint[::1]) -> cython.Py_ssize_t:
    """Nodes and the number that ends at each -> the numbers by node, each once; `at` takes where those of a node begin.

    Equal numbers of a node come one behind the other. Node 0 has none. Returns how many numbers there are.
    """
    k: cython.Py_ssize_t
    node: cython.Py_ssize_t
    total: cython.uint = 0
    kept: cython.uint = 0
    first: cython.uint
    count: cython.uint
    last: cython.Py_ssize_t = at.shape[0] - 1
    for k in range(nodes.shape[0]):
        if nodes[k]:
            at[nodes[k]] += 1
    for node in range(last + 1):
        count = at[node]
        at[node] = total
        total += count
    for k in range(nodes.shape[0]):
        node = nodes[k]
        if node:
            out[at[node]] = numbers[k]
            at[node] += 1
    first = 0  # now at[node] is where the numbers of the node end; equal neighbours are taken out
    for node in range(last):
        total = at[node]
        at[node] = kept
        for k in range(first, total):
            if k == first or out[k] != out[k - 1]:
                out[kept] = out[k]
                kept += 1
        first = total
    at[last] = kept
    return kept
