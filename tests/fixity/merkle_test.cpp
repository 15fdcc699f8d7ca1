#include "fixity/merkle.h"

#include <gtest/gtest.h>

#include <random>

namespace greffe::fixity {
namespace {

// The tree of eight leaves that implementations of RFC 6962 have in their tests.
const std::vector<std::string> Entries{"",
                                       std::string("\x00", 1),
                                       "\x10",
                                       "\x20\x21",
                                       "\x30\x31",
                                       "\x40\x41\x42\x43",
                                       "\x50\x51\x52\x53\x54\x55\x56\x57",
                                       "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
constexpr const char* Roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                 "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                 "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Digest> leaves_of(const std::vector<std::string>& entries) {
  std::vector<Digest> leaves;
  for (const std::string& entry : entries) leaves.push_back(leaf_digest(entry));
  return leaves;
}

std::vector<Digest> random_leaves(std::size_t size, std::mt19937& random) {
  std::vector<Digest> leaves(size);
  for (Digest& leaf : leaves) leaf = digest_of(std::to_string(random()));
  return leaves;
}

// MTH of RFC 9162 §2.1.1 as it is written there.
Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return digest_of(std::string_view());
  if (leaves.size() == 1) return leaves.front();
  std::size_t cut = 1;
  while (cut * 2 < leaves.size()) cut *= 2;
  return node_digest(naive_root(leaves.first(cut)), naive_root(leaves.subspan(cut)));
}

std::vector<std::string> hex_of(const std::vector<Digest>& digests) {
  std::vector<std::string> hex;
  for (const Digest& digest : digests) hex.push_back(digest.hex());
  return hex;
}

TEST(Merkle, A2_RootsOfTheKnownTree) {
  MerkleFrontier frontier;
  EXPECT_EQ(frontier.root().hex(), Roots[0]);
  for (std::size_t i = 0; i < Entries.size(); ++i) {
    frontier.add(leaf_digest(Entries[i]));
    EXPECT_EQ(frontier.root().hex(), Roots[i + 1]) << i + 1;
    EXPECT_EQ(frontier.size(), i + 1);
  }
}

TEST(Merkle, A2_ProofsOfTheKnownTree) {
  const auto leaves = leaves_of(Entries);
  EXPECT_EQ(hex_of(inclusion_proof(leaves, 0)),
            (std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(hex_of(consistency_proof(leaves, 1)), hex_of(inclusion_proof(leaves, 0)));
  EXPECT_TRUE(inclusion_proof(std::span(leaves).first(1), 0).empty());
  EXPECT_TRUE(consistency_proof(leaves, 8).empty());
}

TEST(Merkle, A2_FrontierIsTheRecursiveTreeAtEverySize) {
  std::mt19937 random(9162);
  const auto leaves = random_leaves(300, random);
  MerkleFrontier frontier;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    ASSERT_EQ(frontier.root(), naive_root(std::span(leaves).first(size))) << size;
    if (size < leaves.size()) frontier.add(leaves[size]);
  }
}

TEST(Merkle, A2_ProofsOfSeveralEntriesAreThoseOfEach) {
  std::mt19937 random(7);
  const auto all = random_leaves(40, random);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const auto leaves = std::span(all).first(size);
    std::vector<std::uint64_t> indexes;
    for (std::uint64_t index = 0; index < size; ++index)
      if (random() % 3 != 0) indexes.push_back(index);
    const auto proofs = inclusion_proofs(leaves, indexes);
    ASSERT_EQ(proofs.size(), indexes.size());
    for (std::size_t i = 0; i < indexes.size(); ++i)
      ASSERT_EQ(proofs[i], inclusion_proof(leaves, indexes[i])) << size << " " << indexes[i];
  }
}

TEST(Merkle, A2_EveryEntryOfEverySmallTreeIsProven) {
  std::mt19937 random(1);
  const auto all = random_leaves(33, random);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const auto leaves = std::span(all).first(size);
    const Digest root = naive_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(leaves, index);
      ASSERT_TRUE(proves_inclusion(proof, leaves[index], index, size, root)) << size << " " << index;
      ASSERT_FALSE(proves_inclusion(proof, leaves[index], size, size, root));
      ASSERT_FALSE(proves_inclusion(proof, digest_of("other"), index, size, root));
      for (std::size_t other = 0; other < size; ++other)
        if (other != index) {
          ASSERT_FALSE(proves_inclusion(proof, leaves[index], other, size, root));
        }
    }
  }
}

TEST(Merkle, A2_EveryBeginningOfEverySmallTreeIsProven) {
  std::mt19937 random(2);
  const auto all = random_leaves(33, random);
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const auto leaves = std::span(all).first(size);
    const Digest root = naive_root(leaves);
    for (std::size_t old = 0; old <= size; ++old) {
      const Digest old_root = naive_root(leaves.first(old));
      const auto proof = consistency_proof(leaves, old);
      ASSERT_TRUE(proves_consistency(proof, old, old_root, size, root)) << old << " " << size;
      ASSERT_FALSE(proves_consistency(proof, old, digest_of("other"), size, root)) << old << " " << size;
      if (old > 0) {
        ASSERT_FALSE(proves_consistency(proof, old, old_root, size, digest_of("other")));
      }
      ASSERT_FALSE(proves_consistency(proof, size + 1, root, size, root));
    }
  }
}

TEST(Merkle, A2_ProofsThatLackChangeOrAddADigestProveNothing) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const std::size_t size = 2 + random() % 1000;
    const auto leaves = random_leaves(size, random);
    const Digest root = naive_root(leaves);
    const std::size_t index = random() % size, old = 1 + random() % (size - 1);
    const Digest old_root = naive_root(std::span(leaves).first(old));
    const auto holds = [&](const std::vector<Digest>& inclusion, const std::vector<Digest>& consistency) {
      return proves_inclusion(inclusion, leaves[index], index, size, root) ||
             proves_consistency(consistency, old, old_root, size, root);
    };
    const auto inclusion = inclusion_proof(leaves, index), consistency = consistency_proof(leaves, old);
    ASSERT_TRUE(proves_inclusion(inclusion, leaves[index], index, size, root));
    ASSERT_TRUE(proves_consistency(consistency, old, old_root, size, root)) << old << " " << size;
    auto shorter = inclusion, other = inclusion, longer = inclusion;
    auto shorter_2 = consistency, other_2 = consistency, longer_2 = consistency;
    shorter.pop_back();
    shorter_2.pop_back();
    other[random() % other.size()].bytes[random() % Digest::Size] ^= 4;
    other_2[random() % other_2.size()].bytes[random() % Digest::Size] ^= 4;
    longer.push_back(digest_of("more"));
    longer_2.push_back(digest_of("more"));
    ASSERT_FALSE(holds(shorter, shorter_2));
    ASSERT_FALSE(holds(other, other_2));
    ASSERT_FALSE(holds(longer, longer_2));
  }
}

}  // namespace
}  // namespace greffe::fixity
