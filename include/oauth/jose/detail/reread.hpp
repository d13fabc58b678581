#ifndef OAUTH_JOSE_DETAIL_REREAD_HPP
#define OAUTH_JOSE_DETAIL_REREAD_HPP

#include <oauth/error/failure.hpp>
#include <string>
#include <string_view>

namespace oauth::detail {

/// What `strict_json` says of a text that is no response: `code` in place of its own, and a hint such as "the header holds a member twice".
inline failure reread(failure const& why, errc code, std::string_view text, advice next = advice::give_up)
{
    auto const is = [&why](errc what) { return why.code == error_code(what); };
    return failure(code, next,
                   std::string(text)
                       + (is(errc::response_too_large)          ? " is too long"
                          : is(errc::response_not_utf8)         ? " is not valid UTF-8"
                          : is(errc::response_too_deep)         ? " is nested too deeply"
                          : is(errc::response_duplicate_member) ? " holds a member twice"
                          : is(errc::response_not_an_object)    ? " is not a JSON object"
                                                                : " is not JSON"));
}

} // namespace oauth::detail

#endif
