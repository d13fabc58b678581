#ifndef OAUTH_TESTING_DETAIL_GRAPH_ANSWER_HPP
#define OAUTH_TESTING_DETAIL_GRAPH_ANSWER_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <openssl/evp.h>
#include <cstddef>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// An error in Graph's shape.
inline http_response graph_error(int status, std::string_view code, std::string_view message)
{
    boost::json::object inner{{"date", "2026-01-02T03:04:05"},
                              {"request-id", "77777777-aaaa-4bbb-8ccc-888888888800"},
                              {"client-request-id", "99999999-aaaa-4bbb-8ccc-aaaaaaaaaaaa"}};
    return json_response(status, {{"error", {{"code", code}, {"message", message}, {"innerError", std::move(inner)}}}});
}

/// 429. Graph names the seconds, as a rule.
inline http_response graph_throttled(seconds retry_after)
{
    auto answer = graph_error(429, "TooManyRequests", "Please retry again later.");
    if (retry_after > seconds{0}) answer.fields.push_back({"Retry-After", std::to_string(retry_after.count())});
    return answer;
}

/// Standard base64 with padding, as Graph writes the claims of a challenge.
inline std::string base64_encode(std::string_view text)
{
    std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(text.data()),
                                      static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

/// 401 with the challenge of RFC 6750 3 in Microsoft's wording; `error` and `claims` may be empty.
inline http_response graph_challenge(std::string_view authorize_url, std::string_view error, std::string_view claims, std::string_view code,
                                     std::string_view message)
{
    auto answer = graph_error(401, code, message);
    std::string value = "Bearer realm=\"\", authorization_uri=\"";
    (value += authorize_url) += "\", client_id=\"00000003-0000-0000-c000-000000000000\"";
    if (!error.empty()) ((value += ", error=\"") += error) += '"';
    if (!claims.empty()) ((value += ", claims=\"") += base64_encode(claims)) += '"';
    answer.fields.push_back({"WWW-Authenticate", std::move(value)});
    return answer;
}

inline http_response graph_me(std::string const& origin, test_user const& user)
{
    return json_response(200, {{"@odata.context", origin + "/v1.0/$metadata#users/$entity"},
                               {"id", user.object_id},
                               {"displayName", user.name},
                               {"mail", user.username},
                               {"userPrincipalName", user.username},
                               {"jobTitle", nullptr},
                               {"businessPhones", boost::json::array{}}});
}

inline http_response graph_business(std::string const& origin, std::string const& id, std::string const& name)
{
    return json_response(200, {{"@odata.context", origin + "/v1.0/solutions/$metadata#bookingBusinesses/$entity"},
                               {"id", id},
                               {"displayName", name},
                               {"businessType", ""},
                               {"phone", "206-555-0100"},
                               {"languageTag", "en-US"},
                               {"defaultCurrencyIso", "USD"},
                               {"isPublished", false},
                               {"publicUrl", nullptr}});
}

/// A path segment as it was meant: unlike in a form, '+' is itself.
inline std::string percent_decode(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        int const high = text[i] == '%' && i + 2 < text.size() ? oauth::detail::hex_value(text[i + 1]) : -1;
        int const low = high >= 0 ? oauth::detail::hex_value(text[i + 2]) : -1;
        if (low >= 0)
        {
            out += static_cast<char>(high << 4 | low);
            i += 2;
        }
        else out += text[i];
    }
    return out;
}

} // namespace oauth::testing::detail

#endif
