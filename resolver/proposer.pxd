# What other compiled modules see of resolver.proposer; where it runs interpreted this file is not read.

from resolver.edits cimport Costs
from resolver.forms cimport Forms
from resolver.readings cimport Found
from resolver.walks cimport Automaton
from resolver.spans cimport Spans
from resolver.tokenizer cimport Room
from resolver.trees cimport Forest
from resolver.vocabulary cimport Words

cdef class Proposer:
    cdef Automaton automaton
    cdef Words words
    cdef Costs costs
    cdef const unsigned int[::1] posting_at
    cdef const unsigned int[::1] postings
    cdef const unsigned int[::1] form_at  # alias -> its words
    cdef const unsigned int[::1] form_words
    cdef const unsigned int[::1] letters_at  # word -> its letters
    cdef const unsigned char[::1] letters
    cdef const unsigned int[::1] symbols_at  # word -> its symbols
    cdef const unsigned char[::1] symbols
    cdef const unsigned int[::1] owner
    cdef const unsigned char[::1] type
    cdef unsigned int person  # number of the type
    cdef const unsigned long long[::1] passed  # hashes of words that a name may be read without, sorted
    cdef const unsigned char[::1] passed_bits  # the same as bits
    cdef Room room
    cdef unsigned long long[::1] sought  # of tokens that are looked at together: place, slot, hash
    cdef unsigned long long[::1] met  # two words of a run, and what is known of both (`resolver.pairs`)
    cdef int[::1] plain  # tokens as they are
    cdef int[::1] merged  # and with those joined that an apostrophe divides: the same where there are none, else ...
    cdef int[::1] joined  # ... this room for them
    cdef unsigned int[::1] ahead  # of postings that are fetched together: what is looked at next
    cdef unsigned int seen
    cdef unsigned char[::1] near  # for each merged token whether a joined one is close behind it
    cdef int[::1] merged_at  # for each token which merged one it is, -1 where it is a part of one
    cdef Py_ssize_t merged_tokens
    cdef Found found  # listed forms of the text
    cdef bint sifting
    cdef unsigned long long[::1] cost_key  # letters of a reading and a word of a form, and what the edits between them cost, ...
    cdef float[::1] cost  # ... in the same memory
    cdef int[::1] run  # merged tokens of a run
    cdef int[::1] taken  # start and end of listed forms and demonyms, of those that reach further than the ones before
    cdef Py_ssize_t takens
    cdef Forms forms
    cdef const unsigned int[::1] first_alias
    cdef Forest gate
    cdef float least  # log odds below which the gate is shut
    cdef float[::1] look  # what the gate looks at, ...
    cdef unsigned int[::1] look_bits  # ... in the same memory
    cdef unsigned long long[::1] said  # hashes of what it looked at last, and what it said of each in the last bit
    cdef int[::1] path  # readings on the way to a node, -1 for a word left out
    cdef unsigned int[::1] left  # words of a form that are not taken yet
    cdef Py_ssize_t lefts
    cdef unsigned long long[::1] tried
    cdef unsigned long long stamp
    cdef Py_ssize_t tries
    cdef float[::1] line
    cdef unsigned char[::1] spelled
    cdef int[::1] row
    cdef float[::1] share
    cdef Py_ssize_t rows
    cdef Spans tried_spans  # the spans of the proposals
    cdef int[::1] kept_row
    cdef float[::1] kept_share
    cdef Py_ssize_t kept_rows
    cdef Py_ssize_t size  # tokens that there is room for

cdef object make_room(Proposer p, Py_ssize_t size)
cdef Py_ssize_t word_at(Proposer p, int[::1] list_, Py_ssize_t at, str text) except? -1
cdef int take_tokens(Proposer p) noexcept
cdef int know_words(Proposer p) noexcept
cdef bint is_passed(Proposer p, int[::1] list_, Py_ssize_t at) noexcept
cdef bint covers(Proposer p, int start, int end) noexcept
cdef object set_taken(Proposer p, Found found)
cdef float word_cost(Proposer p, Py_ssize_t r, unsigned int word) noexcept
