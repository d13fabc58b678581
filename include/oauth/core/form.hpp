#ifndef OAUTH_CORE_FORM_HPP
#define OAUTH_CORE_FORM_HPP

#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/secret.hpp>
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** A body of type `application/x-www-form-urlencoded` in the making. What is in it is treated as a secret.

    @par Specification
    RFC 6749 appendix B, WHATWG URL 5.2. A blank is written as %20.
*/
class form
{
    secret text_;

public:
    form() = default;
    form(form&&) noexcept = default;
    form(form const&) = delete;
    form& operator=(form&&) noexcept = default;
    form& operator=(form const&) = delete;
    ~form() = default;

    /// Append a parameter, empty values too. An allocation where the buffer must grow; the old one is wiped.
    form& add(std::string_view name, std::string_view value)
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

    /// As @ref add, but nothing where the value is empty.
    form& add_if(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }

    /// Append parameters that are encoded already: "a=1&b=2".
    form& add_encoded(std::string_view parameters)
    {
        if (parameters.empty()) return *this;
        if (!text_.empty()) text_.append("&");
        text_.append(parameters);
        return *this;
    }

    /// Is there a parameter of this name? @pre `name` holds only characters that are not encoded
    bool contains(std::string_view name) const noexcept
    {
        auto const text = str();
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
        {
            auto const end = at + name.size();
            if ((at == 0 || text[at - 1] == '&') && end < text.size() && text[end] == '=') return true;
        }
        return false;
    }

    /// What there is so far. Lives until the next change.
    std::string_view str() const noexcept { return text_.reveal(); }

    bool empty() const noexcept { return text_.empty(); }

    /// Hand the text over; the form is empty afterwards.
    secret release() noexcept { return std::move(text_); }
};

} // namespace oauth

#endif
