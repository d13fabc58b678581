#ifndef EXAMPLE_SUPPORT_TOKEN_CHECK_HPP
#define EXAMPLE_SUPPORT_TOKEN_CHECK_HPP

#include <oauth/core/issuer.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/response/decode_jwk_set.hpp>
#include <boost/json/object.hpp>
#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace example {

/// Who calls an API.
struct caller
{
    std::string object_id;   ///< the user; unique in the tenant
    std::string name;        ///< for display only
};

/** What an API asks of an access token of Entra's before it lets anybody in: signature, issuer, audience, times, and that the user has granted `scope`.

    The token is a JWT for this API. One for another API, such as Graph, is that API's business: its signature can't be checked by others.

    @par Thread safety
    Safe.
*/
class token_check
{
    oauth::server_metadata server_;
    std::string audience_, scope_;
    oauth::beast_transport line_;
    std::mutex mutex_;
    oauth::jwk_set keys_;
    std::optional<oauth::time_point> fetched_;

public:
    /// @param audience The API's own client id. (A token of version 1.0 names the application ID URI instead: ask for version 2 in the app registration's manifest.)
    token_check(oauth::server_metadata server, std::string audience, std::string scope, oauth::beast_transport line)
        : server_(std::move(server)), audience_(std::move(audience)), scope_(std::move(scope)), line_(std::move(line))
    {
    }

    /// Nobody who is refused is told more than that: what is wrong is for this API's own log.
    oauth::result<caller> operator()(std::string_view token)
    {
        auto const now = oauth::system_clock().now();
        auto verified = verify(token, now);
        if (verified.has_error()) return verified.error();
        auto const& claims = verified->claims;
        auto const refused = [](oauth::errc why, char const* hint) { return oauth::failure(why, oauth::advice::sign_in_again, hint); };

        auto const issuer = text(claims, "iss");
        if (!oauth::issuer_matches(server_.issuer, issuer) && !oauth::issuer_matches(server_.issuer_alias, issuer)) return refused(oauth::errc::token_issuer_mismatch, "iss");
        if (text(claims, "aud") != audience_) return refused(oauth::errc::audience_mismatch, "aud");
        auto const expires = moment(claims, "exp"), begins = moment(claims, "nbf");
        if (!expires || *expires + leeway <= now) return refused(oauth::errc::token_expired, "exp");
        if (begins && *begins > now + leeway) return refused(oauth::errc::token_not_yet_valid, "nbf");
        if (!oauth::scope(text(claims, "scp")).contains(scope_)) return refused(oauth::errc::scope_not_granted, "scp");
        auto const user = text(claims, "oid");
        if (user.empty()) return refused(oauth::errc::claim_missing, "oid");
        return caller{std::string(user), std::string(text(claims, "name"))};
    }

private:
    static constexpr oauth::seconds leeway{60};

    oauth::jwk_set keys()
    {
        std::scoped_lock const lock(mutex_);
        return keys_;
    }

    oauth::result<oauth::verified_jwt> verify(std::string_view token, oauth::time_point now)
    {
        auto const by = [&](oauth::jwk_set const& keys) { return oauth::verify_jwt(token, keys, oauth::jws_algorithms::asymmetric()); };
        auto verified = by(keys());
        if (verified.has_value() || verified.error().code != oauth::errc::unknown_key) return verified;
        // The server may have new keys; but whoever sends nonsense must not make us ask for them all the time. The others wait, and find them here.
        std::scoped_lock const lock(mutex_);
        if (fetched_ && now - *fetched_ < std::chrono::minutes{1}) return by(keys_);
        auto request = oauth::document_request(server_.jwks_uri, "jwks_uri");
        if (request.has_error()) return request.error();
        auto const answer = line_.send(std::move(*request));
        if (answer.has_error()) return answer.error();
        auto keys = oauth::decode_jwk_set(*answer);
        if (keys.has_error()) return keys.error();
        keys_ = std::move(*keys);
        fetched_ = now;
        return by(keys_);
    }

    static std::string_view text(boost::json::object const& claims, char const* name)
    {
        auto const* const value = claims.if_contains(name);
        auto const* const string = value ? value->if_string() : nullptr;
        return string ? std::string_view(string->data(), string->size()) : std::string_view();
    }

    static std::optional<oauth::time_point> moment(boost::json::object const& claims, char const* name)
    {
        auto const* const value = claims.if_contains(name);
        auto const* const number = value ? value->if_int64() : nullptr;
        // Far beyond any token's life, and nowhere near an overflow.
        if (number == nullptr || *number < 0 || *number > 253'402'300'799) return std::nullopt;
        return oauth::time_point{oauth::seconds{*number}};
    }
};

} // namespace example

#endif
