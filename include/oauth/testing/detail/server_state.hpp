#ifndef OAUTH_TESTING_DETAIL_SERVER_STATE_HPP
#define OAUTH_TESTING_DETAIL_SERVER_STATE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <boost/json/object.hpp>
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing::detail {

inline constexpr std::string_view graph_resource = "https://graph.microsoft.com";

/// What a client asks the user for.
struct asked
{
    registered_client const* client = nullptr;
    std::string redirect_uri;
    std::string response_mode;
    bool signed_answer = false;   ///< as a token (JARM)
    std::string state;
    std::string nonce;
    std::string challenge;
    oauth::scope scope;
    std::string resource;
    std::vector<std::string> also_resources;   ///< further ones (RFC 8707)
    std::string login_hint;
    std::string tenant;
    std::string policy;
    std::string page;   ///< path and query of the authorization endpoint, where the pages' forms go
    bool client_info = false;
    std::string claims = {};
    bool silent = false;   ///< prompt=none
    std::string thumbprint = {};   ///< `dpop_jkt`: the key that the code is bound to
    bool wants_auth_time = false;
};

/// What a user allowed: the root of all tokens that come of one sign-in.
struct grant
{
    asked request;
    test_user user;
    time_point signed_in_at{};
    bool revoked = false;
};

/// Between two pages. One form, used once, in place of a cookie.
struct ticket
{
    asked request;
    test_user const* user = nullptr;   ///< set once somebody has signed in
    time_point expires_at{};
};

/// What each `request_uri` begins with that the server gives out (RFC 9126 2.2).
inline constexpr std::string_view request_uri_prefix = "urn:ietf:params:oauth:request_uri:";

/// An authorization request that was pushed ahead, kept under its `request_uri` until it is opened.
struct pushed_record
{
    asked request;
    time_point expires_at{};
};

/// A client that registered itself. It stays here when it is deleted, since grants point to it.
struct dynamic_client
{
    registered_client client;
    boost::json::object metadata;   ///< as it is answered with
    std::string token;              ///< registration_access_token
    bool deleted = false;
};

struct code_record
{
    std::shared_ptr<grant> of;
    time_point expires_at{};
    bool redeemed = false;
};

/// What tokens are tied to; those of a bearer to nothing.
struct token_binding
{
    std::string key = {};           ///< thumbprint of a key, for which there must be a proof (RFC 9449)
    std::string certificate = {};   ///< thumbprint of the client's certificate (RFC 8705)
};

struct refresh_token_record
{
    std::shared_ptr<grant> of;
    time_point expires_at{};
    bool spent = false;
    token_binding bound_to = {};   ///< where it is a public client's
};

struct access_token_record
{
    std::shared_ptr<grant> of;   ///< none for a client's own token
    std::string client_id;
    oauth::scope scope;
    std::string resource;
    time_point expires_at{};
    bool revoked = false;
    std::string claims = {};
    token_binding bound_to = {};
    std::vector<std::string> also_resources = {};
};

/// A device's sign-in, under its device code.
struct device_record
{
    asked request;
    std::string user_code;
    time_point expires_at{};
    seconds interval{};
    std::optional<time_point> asked_at = {};   ///< the device's last question
    std::shared_ptr<grant> of = {};            ///< once the user has allowed it
    bool declined = false;
    bool redeemed = false;
};

/// What another identity provider says of a user (RFC 7523).
struct assertion_record
{
    test_user user;
    time_point expires_at{};
    bool used = false;
};

struct planned_fault
{
    fault what{};
    server_place where{};
    std::uint64_t times = 0;
};

/// All that the server knows. Its owner locks the mutex around every use.
struct server_state
{
    authorization_server_options options;
    std::mutex mutex;
    server_counts counts;
    std::uint64_t random_calls = 0;
    std::deque<planned_fault> faults;
    std::map<std::string, ticket, std::less<>> tickets;
    std::map<std::string, pushed_record, std::less<>> pushed_requests;
    std::deque<dynamic_client> dynamic_clients;
    std::map<std::string, code_record, std::less<>> codes;
    std::map<std::string, refresh_token_record, std::less<>> refresh_tokens;
    std::map<std::string, access_token_record, std::less<>> access_tokens;
    std::map<std::string, device_record, std::less<>> device_codes;
    std::map<std::string, assertion_record, std::less<>> assertions;

    std::set<std::string, std::less<>> assertion_ids;   // of clients' assertions, and of DPoP proofs
    std::uint64_t dpop_nonces = 1;

    explicit server_state(authorization_server_options given) : options(std::move(given))
    {
        bool const b2c = options.kind == personality::b2c;
        if (options.tenant.empty()) options.tenant = b2c ? "contosob2c.onmicrosoft.com" : "contoso.onmicrosoft.com";
        if (!options.origin.empty()) return;
        if (b2c) options.origin = "https://contosob2c.b2clogin.com";
        else options.origin = entra() ? "https://login.microsoftonline.com" : "https://login.example.com";
    }

    bool entra() const noexcept { return options.kind == personality::entra_v2 || options.kind == personality::entra_v1; }

    /// 43 characters that nobody can guess who does not know the seed.
    std::string random_text()
    {
        auto const digest = sha256("authorization_server." + std::to_string(options.seed) + '.' + std::to_string(random_calls++));
        return base64url_encode(std::span<std::byte const>(digest));
    }

    /// In the form of a version 4 UUID.
    std::string random_guid()
    {
        static constexpr char digits[] = "0123456789abcdef";
        auto const digest = sha256("guid." + std::to_string(options.seed) + '.' + std::to_string(random_calls++));
        std::string out = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
        for (std::size_t i = 0; i < out.size(); ++i)
            if (out[i] == 'x') out[i] = digits[i % 2 == 0 ? std::to_integer<int>(digest[i / 2]) >> 4 : std::to_integer<int>(digest[i / 2]) & 15];
        return out;
    }

    registered_client const* find_client(std::string_view id) const noexcept
    {
        auto const at = std::find_if(options.clients.begin(), options.clients.end(), [&](auto const& one) { return one.id == id; });
        if (at != options.clients.end()) return &*at;
        for (auto const& one : dynamic_clients)
            if (!one.deleted && one.client.id == id) return &one.client;
        return nullptr;
    }

    test_user const* find_user(std::string_view username) const noexcept
    {
        auto const at = std::find_if(options.users.begin(), options.users.end(), [&](auto const& one) { return one.username == username; });
        return at == options.users.end() ? nullptr : &*at;
    }

    /// End all that came of one sign-in.
    void revoke(std::shared_ptr<grant> const& family)
    {
        family->revoked = true;
        for (auto& [text, token] : access_tokens)
            if (token.of == family) token.revoked = true;
    }
};

} // namespace oauth::testing::detail

#endif
