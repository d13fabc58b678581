#ifndef OAUTH_CORE_SECRET_HPP
#define OAUTH_CORE_SECRET_HPP

#include <oauth/core/detail/wipe.hpp>
#include <openssl/crypto.h>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Text that must not leak: a token, a code, a password, a body that holds one.

    It is wiped when it is destroyed, assigned to or moved from; it can't be printed (the stream operator is deleted); it is compared in
    constant time. `reveal()` is the one way to its characters, so that every use can be found by that name.

    @par Limits
    What the caller made a copy of, before or after, stays the caller's: `secret{std::string{...}}` takes the buffer of a moved-in string over,
    and wipes what a short string leaves behind.

    @par Thread safety
    As a `std::string`: distinct objects are safe, one object may be read by many.
*/
class secret
{
    std::string text_;   // what lies behind its end, and inside the object where it is long, holds no trace of a secret: so an empty one needs no wiping

public:
    secret() = default;

    /// Take `text` over. A moved-in string is left empty and, where it was short enough to lie inside the object, wiped.
    explicit secret(std::string&& text) : text_(std::move(text)) { detail::wipe(text); }
    explicit secret(std::string const& text) : text_(text) {}
    explicit secret(std::string_view text) : text_(text) {}

    /// A null pointer, such as `std::getenv` gives for what is not set, is an empty text.
    explicit secret(char const* text) : text_(text ? text : "") {}

    secret(secret const&) = default;
    secret(secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe_after_move(text_); }

    secret& operator=(secret const& other)
    {
        if (this != &other) *this = secret(other);
        return *this;
    }

    secret& operator=(secret&& other) noexcept
    {
        if (this == &other) return *this;
        clear();
        text_ = std::move(other.text_);
        other.wipe_after_move(text_);
        return *this;
    }

    ~secret() { clear(); }

    /// The characters. The view lives as long as this object is neither changed nor destroyed.
    std::string_view reveal() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }
    std::size_t size() const noexcept { return text_.size(); }

    /// Wipe it now.
    void clear() noexcept
    {
        if (!text_.empty()) detail::wipe(text_);
    }

    /// Replace the text, also by a part of itself; the old one is wiped. One allocation where the new one is longer than any before.
    void assign(std::string_view text)
    {
        std::size_t const size = text.size();
        if (text_.empty()) text_ = std::string(text);
        else if (size > text_.capacity()) *this = secret(text);
        else
        {
            text_.assign(text);
            text_.resize(text_.capacity());
            detail::wipe(text_.data() + size, text_.size() - size);
            text_.resize(size);
        }
    }

    /// Make room for `size` bytes in all. Where the buffer must grow, the old one is wiped.
    void reserve(std::size_t size)
    {
        if (size <= text_.capacity()) return;
        std::string grown;
        grown.reserve(size);
        grown.append(text_);
        clear();
        text_ = std::move(grown);
    }

    /// Append, also a part of itself; where the buffer must grow, the old one is wiped.
    void append(std::string_view more)
    {
        std::size_t const size = text_.size() + more.size();
        if (size > text_.capacity())
        {
            std::string grown;
            grown.reserve(size + size / 2);
            grown.append(text_).append(more);
            detail::wipe(text_);
            text_ = std::move(grown);
        }
        else text_.append(more);
    }

    /// Equal? Takes as long for a match as for a difference anywhere; only the lengths show.
    friend bool operator==(secret const& a, secret const& b) noexcept { return equal(a.text_, b.text_); }

    /// The same comparison for a text that came from outside.
    bool matches(std::string_view other) const noexcept { return equal(text_, other); }

    friend std::ostream& operator<<(std::ostream&, secret const&) = delete;

private:
    // A text that is short enough to lie inside the object was copied out of it, a longer one handed over with its memory.
    void wipe_after_move(std::string const& moved) noexcept
    {
        if (!moved.empty() && moved.size() < sizeof(std::string)) detail::wipe(text_);
    }

    static bool equal(std::string_view a, std::string_view b) noexcept
    {
        return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
    }
};

} // namespace oauth

#endif
