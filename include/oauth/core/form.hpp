#ifndef OAUTH_CORE_FORM_HPP
#define OAUTH_CORE_FORM_HPP

#include <oauth/config.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/secret.hpp>
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
    form& add(std::string_view name, std::string_view value);

    /// As @ref add, but nothing where the value is empty.
    form& add_if(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }

    /// Append parameters that are encoded already: "a=1&b=2".
    form& add_encoded(std::string_view parameters);

    /// Is there a parameter of this name? @pre `name` holds only characters that are not encoded
    bool contains(std::string_view name) const noexcept;

    /// What there is so far. Lives until the next change.
    std::string_view str() const noexcept { return text_.reveal(); }

    bool empty() const noexcept { return text_.empty(); }

    /// Hand the text over; the form is empty afterwards.
    secret release() noexcept { return std::move(text_); }
};

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/form.ipp>
#endif

#endif
