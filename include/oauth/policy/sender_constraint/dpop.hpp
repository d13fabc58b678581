#ifndef OAUTH_POLICY_SENDER_CONSTRAINT_DPOP_HPP
#define OAUTH_POLICY_SENDER_CONSTRAINT_DPOP_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/jose/dpop_proof.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/entropy.hpp>
#include <oauth/policy/sender_constraint.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Ties tokens to a key: each request carries a proof that the sender holds it, so that a stolen token is of no use.

    @code
    struct mine : oauth::default_config
    {
        using sender_constraint = oauth::dpop;
    };
    oauth::flow<oauth::beast_transport, oauth::file_store, oauth::system_clock, oauth::client_secret_post, mine> api{
        server, client, oauth::dpop{oauth::private_key::from_pem_file("dpop.pem").value()}};
    @endcode

    The refresh token of a public client is bound to the key as well: keep the key where the tokens are kept, and sign in anew with another. Sessions are stored by key.

    A server may want a nonce of its own in each proof. The newest is kept for each origin, of the 64 last used at most, whether it came from the server or from an API; a request that was
    refused for the lack of one is sent once more.

    @par Errors
    @li errc::unsupported_token_type from `present` for a token that is not of type "DPoP": the server has not bound it, and presenting it would give the protection up,
    @li errc::key_not_fit where the key does not permit the algorithm, errc::entropy_failed.

    @par Ownership
    Copies share the key and the nonces.

    @par Thread safety
    Safe, also for one object.

    @par Specification
    RFC 9449
*/
template <entropy Entropy>
class basic_dpop
{
    struct known_nonce
    {
        std::string text;
        std::uint64_t touched = 0;   // when it was last learned or sent, in the order of such events
    };

    struct memory
    {
        std::mutex mutex;
        std::map<std::string, known_nonce, std::less<>> nonces;   // by origin
        std::uint64_t touches = 0;
        Entropy random;
    };

    static constexpr std::size_t max_origins = 64;
    static constexpr std::size_t max_nonce = 512;

    private_key key_;
    jws_algorithm algorithm_;
    std::string thumbprint_;
    std::shared_ptr<memory> memory_;

    /// What a nonce may hold (RFC 9449 8.1), since it goes into a header field that we write.
    static bool is_nonce(std::string_view text) noexcept
    {
        return !text.empty() && text.size() <= max_nonce && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    }

    static std::string origin_of(endpoint const& url) { return (url.secure() ? "https://" : "http://") + url.host() + ':' + std::to_string(url.port()); }

    result<void> prove(http_request& request, std::string_view token, time_point now)
    {
        std::array<std::byte, dpop_proof_entropy> random;
        std::string nonce;
        {
            std::scoped_lock const lock(memory_->mutex);
            if (auto const filled = memory_->random.fill(random); filled.has_error()) return filled.error();
            if (auto const known = memory_->nonces.find(origin_of(request.url)); known != memory_->nonces.end())
            {
                nonce = known->second.text;
                known->second.touched = ++memory_->touches;
            }
        }
        auto proof = dpop_proof(request, key_, algorithm_, token, nonce, random, now);
        if (proof.has_error()) return std::move(proof).error();
        std::erase_if(request.fields, [](http_field const& field) { return detail::ascii_iequal(field.name, "DPoP"); });
        request.fields.push_back({"DPoP", std::move(*proof)});
        return {};
    }

public:
    /** @param key Signs the proofs: ES256 with P-256 is what most servers take; `private_key::generate(jws_algorithm::es256)` makes one.
        @param algorithm What to sign by. */
    explicit basic_dpop(private_key key, jws_algorithm algorithm = jws_algorithm::es256, Entropy random = Entropy())
        : key_(std::move(key)), algorithm_(algorithm), thumbprint_(key_.public_key().thumbprint()), memory_(std::make_shared<memory>())
    {
        memory_->random = std::move(random);
    }

    result<void> bind(http_request& request, time_point now) { return prove(request, {}, now); }

    result<void> present(http_request& request, access_token const& token, time_point now)
    {
        if (!detail::ascii_iequal(token->token_type, "DPoP"))
            return failure(errc::unsupported_token_type, advice::fix_configuration, "the server did not bind the token to the key: it does not know DPoP, or not for this client");
        std::string value = "DPoP ";
        value.append(token.reveal());
        request.authorization = secret(std::move(value));
        return prove(request, token.reveal(), now);
    }

    bool learn(endpoint const& from, http_response const& answer)
    {
        auto const nonce = find_field(answer.fields, "DPoP-Nonce");
        if (!is_nonce(nonce)) return false;
        std::scoped_lock const lock(memory_->mutex);
        auto& nonces = memory_->nonces;
        auto origin = origin_of(from);
        if (nonces.size() >= max_origins && !nonces.contains(origin))
            nonces.erase(std::min_element(nonces.begin(), nonces.end(), [](auto const& a, auto const& b) { return a.second.touched < b.second.touched; }));
        nonces.insert_or_assign(std::move(origin), known_nonce{std::string(nonce), ++memory_->touches});
        return true;
    }

    std::string_view thumbprint() const noexcept { return thumbprint_; }
};

/// With OpenSSL's random bytes.
using dpop = basic_dpop<openssl_entropy>;
static_assert(check_sender_constraint<dpop>());

} // namespace oauth

#endif
