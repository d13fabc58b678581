#ifndef OAUTH_TESTING_DETAIL_JWT_BEARER_GRANT_HPP
#define OAUTH_TESTING_DETAIL_JWT_BEARER_GRANT_HPP

#include <oauth/testing/detail/signing_key.hpp>
#include <oauth/testing/detail/token_request.hpp>
#include <oauth/testing/detail/trusted_assertion.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace oauth::testing::detail {

/// A statement by another identity provider, which this server trusts, of who the user is; good for five minutes and one use.
inline std::string new_assertion(server_state& state, test_user const& user, time_point now)
{
    auto const iat = static_cast<std::int64_t>(now.time_since_epoch().count());
    auto text = signing_key::instance().sign({{"iss", "https://idp.example"},
                                              {"sub", user.object_id},
                                              {"aud", issuer_of(state.options)},
                                              {"iat", iat},
                                              {"exp", iat + 300},
                                              {"jti", state.random_text()}});
    state.assertions.emplace(text, assertion_record{user, now + std::chrono::minutes{5}});
    return text;
}

/// A token for somebody who is no user, which speaks for itself.
inline http_response own_token(token_request here, oauth::scope wanted)
{
    if (auto const bad = unknown_scope(here.state.options, wanted); !bad.empty()) return here.no(refused::bad_scope, bad);
    issue what;
    what.client = &here.client;
    what.scope = std::move(wanted);
    what.resource = std::string(here.value("resource"));
    what.bound_to = here.bound_to;
    what.claims = std::string(here.value("claims"));
    ++here.state.counts.assertions;
    return answer_with(here.state, what, here.now);
}

/// Tokens for an assertion (RFC 7523 2.1). A refresh token there is none: the assertion's issuer decides for how long (RFC 7521 4.1).
inline http_response jwt_bearer_grant(token_request here)
{
    if (here.value("assertion").empty()) return here.no(refused::missing, "assertion");
    asked asks;
    asks.client = &here.client;
    asks.scope = oauth::scope(here.value("scope"));
    asks.resource = std::string(here.value("resource"));
    test_user user;
    // One that the server gave out itself, in another's name, is known by heart.
    auto const found = here.state.assertions.find(here.value("assertion"));
    bool const own = found != here.state.assertions.end();
    if (own)
    {
        if (found->second.expires_at <= here.now) return here.no(refused::expired_assertion);
        if (found->second.used)
        {
            ++here.state.counts.reuses_detected;
            return here.no(refused::reused_assertion);
        }
        user = found->second.user;
    }
    else
    {
        auto said = read_trusted_assertion(here.state, here.value("assertion"), here.now);
        if (said.why != nullptr) return here.no(*said.why, said.detail);
        // What the issuer asks for is the most that is given.
        if (!said.scope.empty()) asks.scope = said.scope;
        if (!said.user && !is_consented(personality::standard, asks.scope, oauth::scope(here.value("scope")))) return here.no(refused::bad_scope, here.value("scope"));
        if (!said.user) return own_token(here, here.value("scope").empty() ? asks.scope : oauth::scope(here.value("scope")));
        user = std::move(*said.user);
    }
    auto what = here.plan(std::make_shared<grant>(grant{asks, user, here.now, false}));
    if (!what.planned) return std::move(what.refused);
    if (own) found->second.used = true;
    ++here.state.counts.assertions;
    return answer_with(here.state, *what.planned, here.now);
}

} // namespace oauth::testing::detail

#endif
