// The Merkle tree of RFC 9162 §2.1: one digest over a growing list, with short proofs that an entry is in it
// and that an earlier tree is its beginning.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fixity/digest.h"

namespace greffe::fixity {

// SHA-256 of 00 and the entry's bytes. The prefixes keep an entry from passing for a node.
Digest leaf_digest(std::string_view entry);
// SHA-256 of 01 and both digests.
Digest node_digest(const Digest& left, const Digest& right);

// The right edge of a tree that grows leaf by leaf: a digest for each full subtree, O(log n) in all. Copies
// go on by themselves.
class MerkleFrontier {
 public:
  // `leaf` is a leaf_digest.
  void add(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  // Of all leaves so far; SHA-256 of nothing when there are none.
  Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;  // one for each set bit of size_, the largest first
};

// Root of the tree over `leaves`.
Digest merkle_root(std::span<const Digest> leaves);

// PATH(index, leaves) of RFC 9162 §2.1.3.1, from the leaf up. `index` < leaves.size().
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index);
// The same for several at once, in one walk over the leaves. `indexes` rise and are below leaves.size().
std::vector<std::vector<Digest>> inclusion_proofs(std::span<const Digest> leaves,
                                                  std::span<const std::uint64_t> indexes);
// True when `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with this root
// (§2.1.3.2).
bool proves_inclusion(std::span<const Digest> proof, const Digest& leaf, std::uint64_t index,
                      std::uint64_t size, const Digest& root);

// PROOF(old_size, leaves) of §2.1.4.1. `old_size` <= leaves.size(); empty for 0 and for the whole tree.
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size);
// True when `proof` shows that the tree of `old_size` leaves with `old_root` is the beginning of the other
// (§2.1.4.2). The empty tree is the beginning of every tree.
bool proves_consistency(std::span<const Digest> proof, std::uint64_t old_size, const Digest& old_root,
                        std::uint64_t size, const Digest& root);

}  // namespace greffe::fixity
