// Owns what OpenSSL gave: std::unique_ptr<BIO, Freed<BIO_free_all>>. For the .cpp of this room.
#pragma once

namespace greffe::fixity {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* owned) const {
    Free(owned);
  }
};

}  // namespace greffe::fixity
