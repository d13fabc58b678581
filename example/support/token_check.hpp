#ifndef EXAMPLE_SUPPORT_TOKEN_CHECK_HPP
#define EXAMPLE_SUPPORT_TOKEN_CHECK_HPP

#include <oauth/core/issuer.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/flow/remote_jwk_set.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/transport.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace example {

/// Who calls an API.
struct caller
{
    std::string tenant_id;   ///< whose user; a GUID
    std::string object_id;   ///< the user; a GUID, unique only in the tenant
    std::string name;        ///< for display only
};

/** What an API asks of an access token of Entra's before it lets anybody in: signature, issuer, audience, times, and that the user has granted `scope`.

    The token is a JWT for this API. One for another API, such as Graph, is that API's business: its signature can't be checked by others.

    The server's keys are those of a @ref oauth::remote_jwk_set: fetched once a day, and where one is missing.

    @par Thread safety
    Safe.
*/
template <oauth::transport Transport = oauth::beast_transport, oauth::clock Clock = oauth::system_clock>
class token_check
{
    oauth::server_metadata server_;
    std::string audience_, scope_;
    Clock clock_;
    oauth::remote_jwk_set<Transport, Clock> keys_;

public:
    /// @param audience The API's own client id. (A token of version 1.0 names the application ID URI instead: ask for version 2 in the app registration's manifest.)
    token_check(oauth::server_metadata server, std::string audience, std::string scope, Transport line, Clock clock = Clock())
        : server_(std::move(server)), audience_(std::move(audience)), scope_(std::move(scope)), clock_(clock), keys_(server_.jwks_uri, std::move(line), std::move(clock))
    {
    }

    /// Nobody who is refused is told more than that: what is wrong is for this API's own log.
    oauth::result<caller> operator()(std::string_view token)
    {
        auto const now = clock_.now();
        auto const verified = keys_.verify(token);
        if (verified.has_error()) return verified.error();
        auto const& claims = verified->claims;
        auto const refused = [](oauth::errc why, char const* hint) { return oauth::failure(why, oauth::advice::sign_in_again, hint); };

        auto const issuer = text(claims, "iss");
        if (!oauth::issuer_matches(server_.issuer, issuer) && !oauth::issuer_matches(server_.issuer_alias, issuer)) return refused(oauth::errc::token_issuer_mismatch, "iss");
        // Microsoft's tenants share a key set: each key says whose it is.
        auto const owner = verified->key.issuer();
        if (!owner.empty() && !oauth::issuer_matches(owner, issuer)) return refused(oauth::errc::token_issuer_mismatch, "the key is another issuer's");
        // The issuer may be of any tenant, by the template of `common`: the user must be of the same.
        auto const tenant = text(claims, "tid");
        if (!oauth::is_guid(tenant)) return refused(oauth::errc::claim_missing, "tid");
        if (issuer.find(tenant) == issuer.npos) return refused(oauth::errc::token_issuer_mismatch, "tid");
        if (text(claims, "aud") != audience_) return refused(oauth::errc::audience_mismatch, "aud");
        auto const expires = moment(claims, "exp"), begins = moment(claims, "nbf");
        if (!expires || *expires + leeway <= now) return refused(oauth::errc::token_expired, "exp");
        if (begins && *begins > now + leeway) return refused(oauth::errc::token_not_yet_valid, "nbf");
        if (!oauth::scope(text(claims, "scp")).contains(scope_)) return refused(oauth::errc::scope_not_granted, "scp");
        auto const user = text(claims, "oid");
        if (!oauth::is_guid(user)) return refused(oauth::errc::claim_missing, "oid");
        return caller{std::string(tenant), std::string(user), std::string(text(claims, "name"))};
    }

private:
    static constexpr oauth::seconds leeway{60};

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
