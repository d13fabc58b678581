#ifndef OAUTH_TESTING_DETAIL_TOKEN_EXCHANGE_GRANT_HPP
#define OAUTH_TESTING_DETAIL_TOKEN_EXCHANGE_GRANT_HPP

#include <oauth/request/token_type_uri.hpp>
#include <oauth/testing/detail/on_behalf_of_grant.hpp>
#include <oauth/testing/detail/token_request.hpp>
#include <boost/url/parse.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

inline constexpr std::string_view token_exchange_grant_type = "urn:ietf:params:oauth:grant-type:token-exchange";

/// What a token that is to be exchanged stands for.
struct exchanged_token
{
    std::shared_ptr<grant> of;   ///< none for a client's own token
    oauth::scope scope;
    std::string resource;
};

/// One that lives; nothing for any other, or of another type than `type`.
inline std::optional<exchanged_token> find_exchanged_token(token_request const& here, std::string_view type, std::string_view text)
{
    auto const& state = here.state;
    if (type == token_type_uri::access_token)
    {
        auto const found = state.access_tokens.find(text);
        bool const lives = found != state.access_tokens.end() && !found->second.revoked && found->second.expires_at > here.now;
        return lives ? std::optional(exchanged_token{found->second.of, found->second.scope, found->second.resource}) : std::nullopt;
    }
    if (type == token_type_uri::refresh_token)
    {
        // It is bound to its client.
        auto const found = state.refresh_tokens.find(text);
        bool const lives = found != state.refresh_tokens.end() && !found->second.spent && !found->second.of->revoked && found->second.expires_at > here.now
                        && found->second.of->request.client == &here.client;
        return lives ? std::optional(exchanged_token{found->second.of, found->second.of->request.scope, found->second.of->request.resource}) : std::nullopt;
    }
    if (type == token_type_uri::jwt)
    {
        auto const found = state.assertions.find(text);
        bool const lives = found != state.assertions.end() && found->second.expires_at > here.now;
        return lives ? std::optional(exchanged_token{std::make_shared<grant>(grant{{}, found->second.user, here.now, false}), {}, {}}) : std::nullopt;
    }
    return std::nullopt;
}

/// One token for another (RFC 8693 2). What comes is an access token, always; it can do no more than the one that it came of.
inline http_response token_exchange_grant(token_request here)
{
    if (here.client.is_public()) return here.no(refused::public_client);
    for (auto const* name : {"subject_token", "subject_token_type"})
        if (here.value(name).empty()) return here.no(refused::missing, name);
    bool const acts = !here.value("actor_token").empty();
    if (acts && here.value("actor_token_type").empty()) return here.no(refused::missing, "actor_token_type");
    if (!acts && !here.value("actor_token_type").empty()) return here.no(refused::malformed, "actor_token_type without actor_token");
    auto const wanted_type = here.value("requested_token_type");
    if (!wanted_type.empty() && wanted_type != token_type_uri::access_token) return here.no(refused::malformed, "requested_token_type");

    auto const subject = find_exchanged_token(here, here.value("subject_token_type"), here.value("subject_token"));
    if (!subject) return here.no(refused::bad_subject_token, "subject_token");
    if (acts && !find_exchanged_token(here, here.value("actor_token_type"), here.value("actor_token"))) return here.no(refused::bad_subject_token, "actor_token");

    // The services that the token is to be for, each by its URI or by its name, and it is for all of them.
    auto services = values_of(here.parameters, "resource");
    for (auto const& resource : services)
    {
        auto const uri = boost::urls::parse_uri(resource);
        if (!uri || uri->has_fragment()) return here.no(refused::unknown_target, resource);
    }
    auto const& clients = here.state.options.clients;
    for (auto const& audience : values_of(here.parameters, "audience"))
    {
        bool const known = std::any_of(clients.begin(), clients.end(), [&audience](registered_client const& one) { return is_audience(one, audience); });
        if (!known) return here.no(refused::unknown_target, audience);
        services.push_back(audience);
    }

    oauth::scope wanted(here.value("scope"));
    if (auto const bad = unknown_scope(here.state.options, wanted); !bad.empty()) return here.no(refused::bad_scope, bad);
    // An assertion says who the user is, and nothing of what is allowed.
    bool const has_scope = here.value("subject_token_type") != token_type_uri::jwt;
    if (has_scope && !covers(subject->scope, wanted)) return here.no(refused::bad_scope, wanted.str());
    if (wanted.empty()) wanted = subject->scope;

    issue what;
    what.of = subject->of;
    what.client = &here.client;
    what.scope = wanted;
    what.bound_to = here.bound_to;
    what.claims = std::string(here.value("claims"));
    what.resource = services.empty() ? subject->resource : services.front();
    if (!services.empty()) what.also_resources.assign(std::next(services.begin()), services.end());
    what.issued_token_type = token_type_uri::access_token;
    ++here.state.counts.token_exchanges;
    return answer_with(here.state, what, here.now);
}

} // namespace oauth::testing::detail

#endif
