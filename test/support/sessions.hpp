#ifndef OAUTH_TEST_SUPPORT_SESSIONS_HPP
#define OAUTH_TEST_SUPPORT_SESSIONS_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/session.hpp>
#include <string>
#include <utility>
#include <vector>

namespace oauth::test {

/// 2026-01-02 03:04:05 UTC, as testing::manual_clock has it.
inline constexpr time_point start{seconds{1'767'323'045}};

/// A token that was got an hour before it expires.
inline issued_token issued(std::string value, time_point expires_at, oauth::scope scope = "Mail.Read")
{
    issued_token made;
    made.value = secret(std::move(value));
    made.received_at = expires_at - std::chrono::hours{1};
    made.expires_at = expires_at;
    made.granted = scope;
    made.requested = std::move(scope);
    return made;
}

inline session session_of(std::string refresh_token, std::vector<issued_token> tokens = {})
{
    session made;
    made.refresh_token = secret(std::move(refresh_token));
    for (auto& token : tokens) made.access_tokens.emplace_back(std::move(token));
    return made;
}

inline http_response answer(int status, std::string body, http_fields fields = {{"Content-Type", "application/json"}})
{
    return {status, std::move(fields), secret(std::move(body))};
}

/// The answer of a token endpoint. `more` are further members: R"("expires_in":3600)".
inline http_response token_answer(std::string const& access_token, std::string const& refresh_token, std::string const& more = R"("expires_in":3600)")
{
    std::string body = R"({"token_type":"Bearer","access_token":")" + access_token + '"';
    if (!refresh_token.empty()) body += R"(,"refresh_token":")" + refresh_token + '"';
    if (!more.empty()) body += ',' + more;
    return answer(200, body + '}');
}

inline http_response refusal(std::string const& error, std::string const& more = "", int status = 400)
{
    return answer(status, R"({"error":")" + error + '"' + (more.empty() ? "" : ',' + more) + '}');
}

} // namespace oauth::test

#endif
