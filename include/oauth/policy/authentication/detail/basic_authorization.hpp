#ifndef OAUTH_POLICY_AUTHENTICATION_DETAIL_BASIC_AUTHORIZATION_HPP
#define OAUTH_POLICY_AUTHENTICATION_DETAIL_BASIC_AUTHORIZATION_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/secret.hpp>
#include <openssl/evp.h>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// The value of `Authorization` for "id:password" (RFC 7617 2). The pair is wiped.
inline secret basic_authorization(std::string&& pair)
{
    constexpr std::string_view scheme = "Basic ";
    std::string value(scheme);
    value.resize(scheme.size() + (pair.size() + 2) / 3 * 4 + 1);   // EVP_EncodeBlock ends it with a NUL
    auto const written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(value.data() + scheme.size()), reinterpret_cast<unsigned char const*>(pair.data()),
                                         static_cast<int>(pair.size()));
    value.resize(scheme.size() + static_cast<std::size_t>(written));
    wipe(pair);
    return secret(std::move(value));
}

} // namespace oauth::detail

#endif
