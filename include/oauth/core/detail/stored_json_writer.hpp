#ifndef OAUTH_CORE_DETAIL_STORED_JSON_WRITER_HPP
#define OAUTH_CORE_DETAIL_STORED_JSON_WRITER_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** Writes the JSON of what is stored, straight into a secret.

    A text of printable ASCII without '"' and '\' is written as a string, any other as {"base64url":"…"}: so every byte comes back as it was, and nothing is ever
    escaped, which would leave pieces of it in buffers that nobody wipes.
*/
class stored_json_writer
{
    secret text_;
    bool first_ = true;   // in the innermost object or array

    static bool plain(std::string_view text) noexcept
    {
        return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    }

    void separate()
    {
        if (!first_) text_.append(",");
        first_ = false;
    }

    void name(std::string_view name)
    {
        separate();
        text_.append("\"");
        text_.append(name);
        text_.append("\":");
    }

    void base64url(std::string_view bytes)
    {
        std::array<char, 64> piece;
        while (!bytes.empty())
        {
            auto const taken = bytes.substr(0, 48);
            auto const* const end = base64url_encode(std::as_bytes(std::span(taken.data(), taken.size())), piece.data());
            text_.append({piece.data(), static_cast<std::size_t>(end - piece.data())});
            bytes.remove_prefix(taken.size());
        }
        wipe(piece.data(), piece.size());
    }

    void integer(std::int64_t value)
    {
        std::array<char, 24> digits;
        auto const written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
        text_.append({digits.data(), static_cast<std::size_t>(written.ptr - digits.data())});
    }

    void text(std::string_view member, std::string_view value)
    {
        name(member);
        bool const as_it_is = plain(value);
        text_.append(as_it_is ? "\"" : "{\"base64url\":\"");
        if (as_it_is) text_.append(value);
        else base64url(value);
        text_.append(as_it_is ? "\"" : "\"}");
    }

public:
    void open_object()
    {
        separate();
        text_.append("{");
        first_ = true;
    }

    void open_array(std::string_view member)
    {
        name(member);
        text_.append("[");
        first_ = true;
    }

    void close(char bracket)
    {
        text_.append({&bracket, 1});
        first_ = false;
    }

    void version(std::int64_t value)
    {
        name("version");
        integer(value);
    }

    void operator()(std::string_view member, std::string const& value) { text(member, value); }
    void operator()(std::string_view member, secret const& value) { text(member, value.reveal()); }

    void operator()(std::string_view member, std::optional<std::string> const& value)
    {
        if (value) text(member, *value);
    }

    void operator()(std::string_view member, oauth::scope const& value) { text(member, value.str()); }

    void operator()(std::string_view member, bool const& value)
    {
        name(member);
        text_.append(value ? "true" : "false");
    }

    void operator()(std::string_view member, time_point const& value)
    {
        name(member);
        integer(value.time_since_epoch().count());
    }

    void operator()(std::string_view member, std::optional<time_point> const& value)
    {
        if (value) (*this)(member, *value);
    }

    /// A member that is left out where there is nothing to say: an empty text, or `false`.
    void unless_empty(std::string_view member, std::string const& value)
    {
        if (!value.empty()) (*this)(member, value);
    }
    void unless_empty(std::string_view member, oauth::scope const& value)
    {
        if (!value.empty()) (*this)(member, value);
    }
    void unless_empty(std::string_view member, bool const& value)
    {
        if (value) (*this)(member, value);
    }

    secret take() && { return std::move(text_); }
};

} // namespace oauth::detail

#endif
