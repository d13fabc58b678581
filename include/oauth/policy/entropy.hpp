#ifndef OAUTH_POLICY_ENTROPY_HPP
#define OAUTH_POLICY_ENTROPY_HPP

#include <oauth/error/result.hpp>
#include <openssl/rand.h>
#include <concepts>
#include <cstddef>
#include <span>

namespace oauth {

/// Can it fill a buffer with random bytes?
template <class E>
concept fills = requires(E& entropy, std::span<std::byte> bytes) {
    { entropy.fill(bytes) } -> std::same_as<result<void>>;
};

/** The role that gives random bytes, for `state`, `nonce` and the PKCE verifier.

    | expression | type | meaning |
    |---|---|---|
    | `e.fill(bytes)` | `result<void>` | Fill all of `bytes` from a cryptographically secure source, or fail. |

    If the flow is used by several threads, `fill` is called by several threads.

    @par Exemplar
    @code
    struct my_entropy
    {
        oauth::result<void> fill(std::span<std::byte> bytes);
    };
    static_assert(oauth::check_entropy<my_entropy>());
    @endcode

    @par Models
    `openssl_entropy`, `testing::fixed_entropy`
*/
template <class E>
concept entropy = std::move_constructible<E> && fills<E>;

/// For the author of a source: fails to compile with a sentence that says what is missing.
template <class E>
consteval bool check_entropy()
{
    static_assert(std::move_constructible<E>, "entropy: must be movable");
    static_assert(fills<E>, "entropy: needs `oauth::result<void> fill(std::span<std::byte> bytes)`");
    return entropy<E>;
}

/// OpenSSL's generator (`RAND_priv_bytes`), seeded by the operating system. Fails with `errc::entropy_failed`.
struct openssl_entropy
{
    result<void> fill(std::span<std::byte> bytes)
    {
        if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1) return {};
        return failure(errc::entropy_failed, advice::give_up, "OpenSSL has no source of random bytes");
    }
};
static_assert(check_entropy<openssl_entropy>());

} // namespace oauth

#endif
