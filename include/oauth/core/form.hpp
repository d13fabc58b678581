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
    std::string text_;

public:
    form() = default;
    form(form&& other) noexcept : text_(std::move(other.text_)) { detail::wipe(other.text_); }
    form(form const&) = delete;

    form& operator=(form&& other) noexcept
    {
        if (this == &other) return *this;
        detail::wipe(text_);
        text_ = std::move(other.text_);
        detail::wipe(other.text_);
        return *this;
    }

    form& operator=(form const&) = delete;
    ~form() { detail::wipe(text_); }

    /// Append a parameter, empty values too. One allocation where the buffer must grow; the old one is wiped.
    form& add(std::string_view name, std::string_view value)
    {
        std::size_t const old_size = text_.size();
        std::size_t const bound = old_size + 2 + detail::percent_encoded_bound(name) + detail::percent_encoded_bound(value);
        if (bound > text_.capacity()) grow(bound);
        text_.resize(bound);
        char* out = text_.data() + old_size;
        if (old_size != 0) *out++ = '&';
        out = detail::percent_encode(name, out);
        *out++ = '=';
        out = detail::percent_encode(value, out);
        text_.resize(static_cast<std::size_t>(out - text_.data()));
        return *this;
    }

    /// As @ref add, but nothing where the value is empty.
    form& add_if(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }

    /// What there is so far. Lives until the next change.
    std::string_view str() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }

    /// Hand the text over; the form is empty afterwards.
    secret release()
    {
        secret out(std::move(text_));
        text_.clear();
        return out;
    }

private:
    void grow(std::size_t bound)
    {
        std::string grown;
        grown.reserve(std::max<std::size_t>(bound, std::max<std::size_t>(2 * text_.capacity(), 2048)));
        grown.append(text_);
        detail::wipe(text_);
        text_ = std::move(grown);
    }
};

} // namespace oauth

#endif
