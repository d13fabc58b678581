#ifndef OAUTH_RESPONSE_DETAIL_JSON_CAPTURE_HPP
#define OAUTH_RESPONSE_DETAIL_JSON_CAPTURE_HPP

#include <oauth/core/secret.hpp>
#include <cstddef>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// Writes the events of a parser down again as compact JSON text. The text may be a token, so it is kept as a secret.
class json_capture
{
    secret text_;
    bool comma_ = false;
    bool in_string_ = false;

    void separate()
    {
        if (comma_) text_.append(",");
        comma_ = true;
    }

    void put_escaped(std::string_view part)
    {
        static constexpr char digits[] = "0123456789abcdef";
        while (!part.empty())
        {
            std::size_t plain = 0;
            while (plain < part.size() && static_cast<unsigned char>(part[plain]) >= 0x20 && part[plain] != '"' && part[plain] != '\\') ++plain;
            text_.append(part.substr(0, plain));
            part.remove_prefix(plain);
            if (part.empty()) return;
            char const c = part.front();
            char const escape[] = {'\\', 'u', '0', '0', digits[static_cast<unsigned char>(c) >> 4 & 15], digits[c & 15]};
            if (c == '"' || c == '\\') text_.append(c == '"' ? "\\\"" : "\\\\");
            else text_.append({escape, sizeof escape});
            part.remove_prefix(1);
        }
    }

public:
    void open(char bracket)
    {
        separate();
        text_.append({&bracket, 1});
        comma_ = false;
    }

    void close(char bracket)
    {
        text_.append({&bracket, 1});
        comma_ = true;
    }

    void string_part(std::string_view part)
    {
        if (!in_string_)
        {
            separate();
            text_.append("\"");
            in_string_ = true;
        }
        put_escaped(part);
    }

    void string_end(std::string_view part)
    {
        string_part(part);
        text_.append("\"");
        in_string_ = false;
    }

    void key_end(std::string_view part)
    {
        string_end(part);
        text_.append(":");
        comma_ = false;
    }

    void literal(std::string_view text)
    {
        separate();
        text_.append(text);
    }

    /// Hand the text over and begin anew.
    secret release()
    {
        comma_ = in_string_ = false;
        return std::exchange(text_, secret());
    }
};

} // namespace oauth::detail

#endif
