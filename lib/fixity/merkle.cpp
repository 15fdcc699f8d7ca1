#include "fixity/merkle.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace greffe::fixity {
namespace {

constexpr std::uint8_t LeafPrefix = 0x00;
constexpr std::uint8_t NodePrefix = 0x01;

// The largest power of two below `size`, which is at least 2: where RFC 9162 cuts a tree.
std::size_t cut_of(std::size_t size) { return std::bit_floor(size - 1); }

// SUBPROOF(old_size, leaves, is_old_tree) of §2.1.4.1. `is_old_tree`: these leaves up to old_size are a whole
// old tree, whose root the verifier has.
void add_consistency(std::span<const Digest> leaves, std::size_t old_size, bool is_old_tree,
                     std::vector<Digest>& proof) {
  if (old_size == leaves.size()) {
    if (!is_old_tree) proof.push_back(merkle_root(leaves));
    return;
  }
  const std::size_t cut = cut_of(leaves.size());
  if (old_size <= cut) {
    add_consistency(leaves.first(cut), old_size, is_old_tree, proof);
    proof.push_back(merkle_root(leaves.subspan(cut)));
  } else {
    add_consistency(leaves.subspan(cut), old_size - cut, false, proof);
    proof.push_back(merkle_root(leaves.first(cut)));
  }
}

void add_inclusion(std::span<const Digest> leaves, std::size_t index, std::vector<Digest>& proof) {
  if (leaves.size() <= 1) return;
  const std::size_t cut = cut_of(leaves.size());
  if (index < cut) {
    add_inclusion(leaves.first(cut), index, proof);
    proof.push_back(merkle_root(leaves.subspan(cut)));
  } else {
    add_inclusion(leaves.subspan(cut), index - cut, proof);
    proof.push_back(merkle_root(leaves.first(cut)));
  }
}

// The root of these leaves, the first of which is number `first` of all; on the way each proof of an index
// among them gets the root of the half that the index is not in.
Digest collect_proofs(std::span<const Digest> leaves, std::uint64_t first,
                      std::span<const std::uint64_t> indexes, std::span<std::vector<Digest>> proofs) {
  if (indexes.empty()) return merkle_root(leaves);
  if (leaves.size() == 1) return leaves.front();
  const std::size_t cut = cut_of(leaves.size());
  const auto in_left = static_cast<std::size_t>(
      std::lower_bound(indexes.begin(), indexes.end(), first + cut) - indexes.begin());
  const Digest left = collect_proofs(leaves.first(cut), first, indexes.first(in_left), proofs.first(in_left));
  const Digest right =
      collect_proofs(leaves.subspan(cut), first + cut, indexes.subspan(in_left), proofs.subspan(in_left));
  for (std::size_t i = 0; i < indexes.size(); ++i) proofs[i].push_back(i < in_left ? right : left);
  return node_digest(left, right);
}

bool is_left(std::uint64_t node) { return (node & 1) == 0; }

}  // namespace

Digest leaf_digest(std::string_view entry) {
  Sha256 hasher;
  hasher.update(Bytes(&LeafPrefix, 1));
  hasher.update(entry);
  return hasher.finish();
}

Digest node_digest(const Digest& left, const Digest& right) {
  Sha256 hasher;
  hasher.update(Bytes(&NodePrefix, 1));
  hasher.update(Bytes(left.bytes));
  hasher.update(Bytes(right.bytes));
  return hasher.finish();
}

void MerkleFrontier::add(const Digest& leaf) {
  Digest subtree = leaf;
  // As in adding one to a binary number: each bit that carries joins two subtrees of one size.
  for (std::uint64_t carry = size_; (carry & 1) != 0; carry >>= 1) {
    subtree = node_digest(subtrees_.back(), subtree);
    subtrees_.pop_back();
  }
  subtrees_.push_back(subtree);
  ++size_;
}

Digest MerkleFrontier::root() const {
  if (subtrees_.empty()) return digest_of(std::string_view());
  Digest root = subtrees_.back();
  for (auto subtree = subtrees_.rbegin() + 1; subtree != subtrees_.rend(); ++subtree)
    root = node_digest(*subtree, root);
  return root;
}

Digest merkle_root(std::span<const Digest> leaves) {
  MerkleFrontier frontier;
  for (const Digest& leaf : leaves) frontier.add(leaf);
  return frontier.root();
}

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index) {
  assert(index < leaves.size());
  std::vector<Digest> proof;
  add_inclusion(leaves, index, proof);
  return proof;
}

std::vector<std::vector<Digest>> inclusion_proofs(std::span<const Digest> leaves,
                                                  std::span<const std::uint64_t> indexes) {
  assert(indexes.empty() || indexes.back() < leaves.size());
  std::vector<std::vector<Digest>> proofs(indexes.size());
  if (!indexes.empty()) collect_proofs(leaves, 0, indexes, proofs);
  return proofs;
}

bool proves_inclusion(std::span<const Digest> proof, const Digest& leaf, std::uint64_t index,
                      std::uint64_t size, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index, last = size - 1;  // fn and sn of the RFC, one level after the other
  Digest found = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if (!is_left(node) || node == last) {
      found = node_digest(sibling, found);
      for (; is_left(node) && node != 0; node >>= 1) last >>= 1;
    } else {
      found = node_digest(found, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && found == root;
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size) {
  assert(old_size <= leaves.size());
  std::vector<Digest> proof;
  if (old_size > 0) add_consistency(leaves, old_size, true, proof);
  return proof;
}

bool proves_consistency(std::span<const Digest> proof, std::uint64_t old_size, const Digest& old_root,
                        std::uint64_t size, const Digest& root) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == digest_of(std::string_view());
  std::uint64_t node = old_size - 1, last = size - 1;
  for (; !is_left(node); node >>= 1) last >>= 1;
  // An old tree that is one full subtree is the first digest of the proof itself.
  const bool starts_with_old = std::has_single_bit(old_size);
  if (!starts_with_old && proof.empty()) return false;
  Digest old_found = starts_with_old ? old_root : proof.front();
  Digest found = old_found;
  for (const Digest& sibling : proof.subspan(starts_with_old ? 0 : 1)) {
    if (last == 0) return false;
    if (!is_left(node) || node == last) {
      old_found = node_digest(sibling, old_found);
      found = node_digest(sibling, found);
      for (; is_left(node) && node != 0; node >>= 1) last >>= 1;
    } else {
      found = node_digest(found, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_found == old_root && found == root;
}

}  // namespace greffe::fixity
