#ifndef OAUTH_FLOW_DETAIL_TEXT_READING_HPP
#define OAUTH_FLOW_DETAIL_TEXT_READING_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/form_parameters.hpp>
#include <openssl/asn1.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

/// What stands at the beginning of a text for something else: the bytes that it stands for. Of size 0 where nothing does.
struct escaped_bytes
{
    std::array<char, 4> bytes{};
    std::size_t count = 0;
    std::size_t size = 0;   // how much of the text it takes

    std::string_view view() const noexcept { return {bytes.data(), count}; }

    static escaped_bytes byte(char c, std::size_t size) noexcept { return {{c}, 1, size}; }

    /// In UTF-8; nothing where there is no such character.
    static escaped_bytes character(unsigned long code, std::size_t size) noexcept
    {
        unsigned char utf8[8];
        int const count = UTF8_putc(utf8, static_cast<int>(sizeof utf8), code);
        escaped_bytes out;
        if (count < 1 || count > 4) return out;
        std::copy_n(utf8, count, out.bytes.begin());
        out.count = static_cast<std::size_t>(count);
        out.size = size;
        return out;
    }
};

/// The number that `digits` are, which are of base 16 or else 10; nothing where they are none, or too many for a character.
inline std::optional<unsigned long> code_of(std::string_view digits, bool hexadecimal) noexcept
{
    if (digits.empty() || digits.size() > 8) return std::nullopt;
    unsigned long code = 0;
    for (char const c : digits)
    {
        int const value = hex_value(c);
        if (value < 0 || (!hexadecimal && value > 9)) return std::nullopt;
        code = code * (hexadecimal ? 16 : 10) + static_cast<unsigned long>(value);
    }
    return code;
}

/// A backslash and what comes with it (RFC 8259 7; a pair of surrogates is one). What JSON does not know but others write, such as `\'`, stands for itself.
inline escaped_bytes json_escape(std::string_view text) noexcept
{
    if (text.size() < 2) return {};
    constexpr std::string_view names = "bfnrt", meant = "\b\f\n\r\t";
    char const name = text[1];
    if (auto const at = names.find(name); at != names.npos) return escaped_bytes::byte(meant[at], 2);
    auto const unit = [text](std::size_t at) -> unsigned long {
        bool const there = text.size() >= at + 6 && text.substr(at, 2) == "\\u";
        return there ? code_of(text.substr(at + 2, 4), true).value_or(0xd800) : 0xd800;   // half a pair is no character
    };
    if (name == 'u')
    {
        auto const high = unit(0), low = unit(6);
        bool const pair = high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
        return pair ? escaped_bytes::character(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12) : escaped_bytes::character(high, 6);
    }
    bool const letter = (name >= 'a' && name <= 'z') || (name >= 'A' && name <= 'Z') || (name >= '0' && name <= '9');
    return letter ? escaped_bytes() : escaped_bytes::byte(name, 2);
}

/// A '%' and two hexadecimal digits (RFC 3986 2.1).
inline escaped_bytes percent_escape(std::string_view text) noexcept
{
    auto const code = text.size() < 3 ? std::nullopt : code_of(text.substr(1, 2), true);
    return code ? escaped_bytes::byte(static_cast<char>(*code), 3) : escaped_bytes();
}

/// A character reference of HTML: by number, or one of the five names that are used to escape a text.
inline escaped_bytes html_reference(std::string_view text) noexcept
{
    auto const end = text.substr(0, 12).find(';');
    if (end == text.npos) return {};
    auto name = text.substr(1, end - 1);
    constexpr std::array<std::pair<std::string_view, char>, 5> known{{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    for (auto const& [known_name, meant] : known)
        if (name == known_name) return escaped_bytes::byte(meant, end + 1);
    if (!name.starts_with('#')) return {};
    name.remove_prefix(1);
    bool const hexadecimal = name.starts_with('x') || name.starts_with('X');
    if (hexadecimal) name.remove_prefix(1);
    auto const code = code_of(name, hexadecimal);
    return code ? escaped_bytes::character(*code, end + 1) : escaped_bytes();
}

/** A text as it is, or as it is meant once its escapes are read, and where in the text each byte is written.

    Wiped when it ends, since secrets may stand in it.
*/
class text_reading
{
    std::string bytes_;
    std::vector<std::size_t> at_;
    std::size_t size_;   // of the text

    explicit text_reading(std::size_t size, std::size_t room) : size_(size)
    {
        bytes_.reserve(room);
        at_.reserve(room);
    }

    void add(std::string_view bytes, std::size_t at)
    {
        bytes_.append(bytes);
        at_.resize(bytes_.size(), at);
    }

public:
    /// `text` as it is. The bytes of an escape of JSON have one place, so that nothing is cut out of it.
    explicit text_reading(std::string_view text) : text_reading(text.size(), text.size())
    {
        while (!text.empty())
        {
            auto const run = std::min(text.find('\\'), text.size());
            bytes_.append(text.substr(0, run));
            while (at_.size() < bytes_.size()) at_.push_back(at_.size());   // here each byte stands where it was
            text.remove_prefix(run);
            if (text.empty()) break;
            auto const escape = std::max(json_escape(text).size, std::min<std::size_t>(2, text.size()));
            add(text.substr(0, escape), size_ - text.size());
            text.remove_prefix(escape);
        }
    }

    text_reading(text_reading&&) = default;
    text_reading& operator=(text_reading&&) = delete;
    ~text_reading() { wipe(bytes_); }

    std::string_view bytes() const noexcept { return bytes_; }

    /// The same with its escapes read: `escape` says what a text that begins with `mark` stands for. Nothing where there are none. No longer than this one.
    template <class Escape>
    std::optional<text_reading> unescaped(char mark, Escape escape) const
    {
        if (bytes_.find(mark) == bytes_.npos) return std::nullopt;
        text_reading out(size_, bytes_.size());
        for (std::size_t i = 0; i < bytes_.size();)
        {
            auto const run = std::min(bytes_.find(mark, i), bytes_.size());
            out.bytes_.append(bytes_, i, run - i);
            out.at_.insert(out.at_.end(), at_.data() + i, at_.data() + run);
            i = run;
            if (i == bytes_.size()) break;
            auto const rest = std::string_view(bytes_).substr(i);
            auto const found = escape(rest);
            out.add(found.size == 0 ? rest.substr(0, 1) : found.view(), at_[i]);
            i += std::max<std::size_t>(found.size, 1);
        }
        return out;
    }

    /// May something begin with the byte at `i`? Not where that is a later part of an escape.
    bool begins(std::size_t i) const noexcept { return i == 0 || at_[i] != at_[i - 1]; }

    /// Where in the text the bytes from `first` up to `last` are written: beginning and end. An escape counts whole.
    std::pair<std::size_t, std::size_t> place(std::size_t first, std::size_t last) const noexcept
    {
        while (last < at_.size() && !begins(last)) ++last;
        return {at_[first], last < at_.size() ? at_[last] : size_};
    }
};

} // namespace oauth::detail

#endif
