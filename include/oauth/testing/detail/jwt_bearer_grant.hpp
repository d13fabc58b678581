#ifndef OAUTH_TESTING_DETAIL_JWT_BEARER_GRANT_HPP
#define OAUTH_TESTING_DETAIL_JWT_BEARER_GRANT_HPP

#include <oauth/testing/detail/signing_key.hpp>
#include <oauth/testing/detail/token_request.hpp>
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

/// Tokens for an assertion (RFC 7523 2.1). A refresh token there is none: the assertion's issuer decides for how long (RFC 7521 4.1).
inline http_response jwt_bearer_grant(token_request here)
{
    if (here.value("assertion").empty()) return here.no(refused::missing, "assertion");
    auto const found = here.state.assertions.find(here.value("assertion"));
    if (found == here.state.assertions.end()) return here.no(refused::bad_assertion, "The key was not found.");
    auto& assertion = found->second;
    if (assertion.expires_at <= here.now) return here.no(refused::expired_assertion);
    if (assertion.used)
    {
        ++here.state.counts.reuses_detected;
        return here.no(refused::reused_assertion);
    }
    asked asks;
    asks.client = &here.client;
    asks.scope = oauth::scope(here.value("scope"));
    asks.resource = std::string(here.value("resource"));
    auto what = here.plan(std::make_shared<grant>(grant{asks, assertion.user, here.now, false}));
    if (!what.planned) return std::move(what.refused);
    assertion.used = true;
    ++here.state.counts.assertions;
    return answer_with(here.state, *what.planned, here.now);
}

} // namespace oauth::testing::detail

#endif
