#ifndef OAUTH_ERROR_IMPL_SERVER_ERRC_IPP
#define OAUTH_ERROR_IMPL_SERVER_ERRC_IPP

#include <oauth/error/server_errc.hpp>

namespace oauth::detail {

OAUTH_DECL std::string server_errc_category::message(int value) const
{
    auto const code = static_cast<server_errc>(value);
    if (code == server_errc::unrecognized) return "the server refused with a code that is not registered";
    return "the server refused: " + std::string(to_string(code));
}

} // namespace oauth::detail

#endif
