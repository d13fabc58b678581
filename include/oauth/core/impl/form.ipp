#ifndef OAUTH_CORE_IMPL_FORM_IPP
#define OAUTH_CORE_IMPL_FORM_IPP

#include <oauth/core/form.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <algorithm>

namespace oauth {

OAUTH_DECL form& form::add(std::string_view name, std::string_view value)
{
    // Encoded in a small buffer first, so that no more of the text's own is written than is used.
    constexpr std::size_t step = 128;
    char buffer[6 * step];
    char* out = buffer;
    auto const flush = [&] {
        text_.append({buffer, static_cast<std::size_t>(out - buffer)});
        out = buffer;
    };
    auto const put = [&](std::string_view text) {
        for (; !text.empty(); text.remove_prefix(std::min(step, text.size())))
        {
            if (static_cast<std::size_t>(buffer + sizeof buffer - out) < 3 * step + 1) flush();
            out = detail::percent_encode(text.substr(0, step), out);
        }
    };
    if (text_.empty()) text_.reserve(1536);   // enough for a code exchange at Microsoft, whose codes are long
    else *out++ = '&';
    put(name);
    *out++ = '=';
    put(value);
    flush();
    detail::wipe(buffer, sizeof buffer);
    return *this;
}

OAUTH_DECL form& form::add_encoded(std::string_view parameters)
{
    if (parameters.empty()) return *this;
    if (!text_.empty()) text_.append("&");
    text_.append(parameters);
    return *this;
}

OAUTH_DECL bool form::contains(std::string_view name) const noexcept
{
    auto const text = str();
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
    {
        auto const end = at + name.size();
        if ((at == 0 || text[at - 1] == '&') && end < text.size() && text[end] == '=') return true;
    }
    return false;
}

} // namespace oauth

#endif
