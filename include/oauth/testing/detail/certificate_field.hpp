#ifndef OAUTH_TESTING_DETAIL_CERTIFICATE_FIELD_HPP
#define OAUTH_TESTING_DETAIL_CERTIFICATE_FIELD_HPP

#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// The value of @ref client_certificate_field for the first certificate of a PEM text; "" where there is none (RFC 9440 2.1: the same base64 between colons).
inline std::string certificate_field_of(std::string_view pem)
{
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
    auto const first = pem.find(begin);
    if (first == pem.npos) return {};
    pem.remove_prefix(first + begin.size());
    auto const last = pem.find(end);
    if (last == pem.npos) return {};
    std::string out = ":";
    for (char const c : pem.substr(0, last))
        if (c != '\r' && c != '\n' && c != ' ' && c != '\t') out += c;
    return out += ':';
}

} // namespace oauth::testing::detail

#endif
