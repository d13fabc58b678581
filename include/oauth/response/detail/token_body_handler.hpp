#ifndef OAUTH_RESPONSE_DETAIL_TOKEN_BODY_HANDLER_HPP
#define OAUTH_RESPONSE_DETAIL_TOKEN_BODY_HANDLER_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/error/errc.hpp>
#include <oauth/error/failure.hpp>
#include <oauth/response/detail/json_capture.hpp>
#include <oauth/response/detail/json_number.hpp>
#include <oauth/response/detail/server_said.hpp>
#include <oauth/response/detail/token_member.hpp>
#include <boost/config.hpp>
#include <boost/json/string_view.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// What the body of a token endpoint's answer held, whatever the HTTP status.
struct token_body
{
    token_response& tokens;
    std::optional<server_message> said = {};   // there if any of its members was
    bool is_error = false;                     // it had a text as `error`, and not an empty one

    /// What an error would have said is, in a success, a member like any other. @pre `said`
    void keep_said()
    {
        json_capture capture;
        auto const keep = [&](token_member member) { tokens.extra.push_back({std::string(name_of(member)), capture.release()}); };
        auto const keep_text = [&](token_member member, std::string const& text) {
            if (text.empty()) return;
            capture.string_end(text);
            keep(member);
        };
        keep_text(token_member::error_description, said->error_description);
        keep_text(token_member::error_uri, said->error_uri);
        keep_text(token_member::suberror, said->suberror);
        keep_text(token_member::claims, said->claims);
        keep_text(token_member::trace_id, said->trace_id);
        keep_text(token_member::correlation_id, said->correlation_id);
        keep_text(token_member::timestamp, said->timestamp);
        if (said->error_codes.empty()) return;
        capture.open('[');
        for (auto const number : said->error_codes) capture.literal(std::to_string(number));
        capture.close(']');
        keep(token_member::error_codes);
    }
};

/// What only a body with escapes, or with members of no place of their own, needs: none is made until then.
struct token_body_aside
{
    std::string key;        // the parts of an escaped key; the name of an extra member
    secret number;          // the parts of an escaped number in a string
    json_capture capture;   // the value of an extra member
    bool capturing = false;
};

/** The handler of `boost::json::basic_parser` that fills a @ref token_body in one pass.

    A member whose value is of no use goes to `extra` as JSON text, and its name to `unusable`. Only the tokens and `token_type` must be strings: a
    success answer may be the only copy of a rotated refresh token, so no number in it can make it fail.
*/
class token_body_handler
{
public:
    static constexpr std::size_t max_object_size = 1000;
    static constexpr std::size_t max_array_size = 10000;
    static constexpr std::size_t max_key_size = 1024;
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit token_body_handler(token_response& into) noexcept : body{into} {}

    token_body body;

private:
    using text = boost::json::string_view;
    static constexpr std::size_t max_extra = 64;

    token_member at_ = token_member::unknown;
    int depth_ = 0;
    std::uint32_t seen_ = bit(token_member::unknown);   // that one is never new: such members are told by their names
    std::optional<token_body_aside> aside_;

    static constexpr std::uint32_t bit(token_member member) noexcept { return std::uint32_t{1} << static_cast<int>(member); }
    token_body_aside& beside() { return aside_ ? *aside_ : aside_.emplace(); }
    bool capturing() const noexcept { return aside_ && aside_->capturing; }

    static std::string_view view(text t) noexcept { return {t.data(), t.size()}; }

    static bool stop(error_code& ec, errc why)
    {
        ec = why;
        return false;
    }

    bool top() const noexcept { return depth_ == 1; }
    bool is(token_member first, token_member last) const noexcept { return at_ >= first && at_ <= last; }
    bool is_secret() const noexcept { return is(token_member::access_token, token_member::id_token); }
    bool is_text() const noexcept { return is(token_member::token_type, token_member::foci); }
    bool is_number() const noexcept { return is(token_member::expires_in, token_member::expires_on); }
    bool is_said() const noexcept { return is(token_member::error, token_member::timestamp); }

    secret& secret_at() noexcept
    {
        static constexpr secret token_response::* at[] = {&token_response::access_token, &token_response::refresh_token, &token_response::id_token};
        return body.tokens.*at[static_cast<int>(at_)];
    }

    std::optional<std::string>& text_at() noexcept
    {
        using t = token_response;
        static constexpr std::optional<std::string> t::* at[] = {&t::token_type, &t::scope, &t::resource, &t::profile_info, &t::client_info, &t::issued_token_type, &t::foci};
        return body.tokens.*at[static_cast<int>(at_) - static_cast<int>(token_member::token_type)];
    }

    server_message& said() { return body.said ? *body.said : body.said.emplace(); }

    std::string& said_at()
    {
        using s = server_message;
        static constexpr std::string s::* at[] = {&s::error, &s::error_description, &s::error_uri, &s::suberror, &s::claims, &s::trace_id, &s::correlation_id, &s::timestamp};
        return said().*at[static_cast<int>(at_) - static_cast<int>(token_member::error)];
    }

    void set_number(std::int64_t value)
    {
        // Within 68 years either way, and up to the year 9999: what lies beyond is a mistake that must not overflow a sum.
        using t = token_response;
        static constexpr std::optional<seconds> t::* durations[] = {&t::expires_in, &t::ext_expires_in, &t::refresh_in, &t::refresh_token_expires_in, &t::id_token_expires_in};
        static constexpr std::optional<time_point> t::* moments[] = {&t::not_before, &t::expires_on};
        if (at_ < token_member::not_before)
            body.tokens.*durations[static_cast<int>(at_) - static_cast<int>(token_member::expires_in)] = seconds(std::clamp<std::int64_t>(value, -2'147'483'647, 2'147'483'647));
        else
            body.tokens.*moments[static_cast<int>(at_) - static_cast<int>(token_member::not_before)] = time_point(seconds(std::clamp<std::int64_t>(value, 0, 253'402'300'799)));
    }

    /// A member of the top level turns out to be one that has no place of its own, or a value that does not fit its place.
    bool begin_capture(error_code& ec)
    {
        if (capturing()) return true;
        if (depth_ == 0) return stop(ec, errc::response_not_an_object);
        if (is_secret() || at_ == token_member::token_type) return stop(ec, errc::response_wrong_type);
        if (body.tokens.extra.size() == max_extra) return stop(ec, errc::response_too_large);
        beside().capturing = true;
        if (at_ != token_member::unknown)
        {
            aside_->key = name_of(at_);
            body.tokens.unusable.push_back(aside_->key);
            at_ = token_member::unknown;   // so that what is in it is not taken for its value
        }
        return true;
    }

    bool end_value()
    {
        if (capturing() && top())
        {
            body.tokens.extra.push_back({std::exchange(aside_->key, {}), aside_->capture.release()});
            aside_->capturing = false;
        }
        return true;
    }

    BOOST_NOINLINE bool literal(std::string_view as_text, error_code& ec)
    {
        if (skips_errors_member()) return true;
        if (!begin_capture(ec)) return false;
        aside_->capture.literal(as_text);
        return end_value();
    }

    // `error_codes` is the one array that is understood; what in it is no number is passed over.
    bool skips_errors_member() const noexcept { return at_ == token_member::error_codes; }

    bool number(std::int64_t value, text as_text, error_code& ec)
    {
        if (!is_number()) return other_number(value, view(as_text), ec);
        set_number(value);
        return true;
    }

    BOOST_NOINLINE bool other_number(std::int64_t value, std::string_view as_text, error_code& ec)
    {
        if (!skips_errors_member()) return literal(as_text, ec);
        if (value > 0 && value <= 0xffffffff && said().error_codes.size() < 16) said().error_codes.push_back(static_cast<std::uint32_t>(value));
        return true;
    }

    /// A key that has an escape in it, comes after something odd, lies deeper, is not known or came before.
    BOOST_NOINLINE bool other_key(text part, error_code& ec)
    {
        if (capturing()) return aside_->capture.key_end(view(part)), true;
        if (!top()) return true;
        // A key comes in one piece unless it has an escape in it.
        auto& key = beside().key;
        if (!key.empty()) key.append(part.data(), part.size());
        auto const name = key.empty() ? view(part) : std::string_view(key);
        at_ = to_token_member(name);
        if (at_ == token_member::unknown)
        {
            for (auto const& member : body.tokens.extra)
                if (member.name == name) return stop(ec, errc::response_duplicate_member);
            if (key.empty()) key = name;
            return true;
        }
        if (seen_ & bit(at_)) return stop(ec, errc::response_duplicate_member);
        seen_ |= bit(at_);
        key.clear();
        return true;
    }

    /// A string that came in parts, or is neither a token nor a text that stays as it is.
    BOOST_NOINLINE bool other_string(text part, bool in_one_piece, error_code& ec)
    {
        if (is_secret()) secret_at().append(view(part));
        else if (is_text()) text_at()->append(view(part));
        else if (is_said())
        {
            said_at().append(view(part).substr(0, max_server_text - std::min(max_server_text, said_at().size())));
            if (at_ == token_member::error) body.is_error = !said().error.empty();
        }
        else if (is_number()) return number_in_parts(part, in_one_piece, ec);
        else if (!skips_errors_member())
        {
            if (!begin_capture(ec)) return false;
            aside_->capture.string_end(view(part));
            return end_value();
        }
        return true;
    }

    bool number_in_parts(text part, bool in_one_piece, error_code& ec)
    {
        secret whole;
        if (!in_one_piece)
        {
            beside().number.append(view(part));
            whole = std::exchange(aside_->number, secret());
        }
        auto const digits = in_one_piece ? view(part) : whole.reveal();
        if (auto const value = number_in_string(digits)) set_number(*value);
        else if (!digits.empty())
        {
            if (!begin_capture(ec)) return false;
            aside_->capture.string_end(digits);
            return end_value();
        }
        return true;
    }

public:
    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_comment_part(text, error_code&) { return true; }
    bool on_comment(text, error_code&) { return true; }

    bool on_object_begin(error_code& ec)
    {
        if (depth_++ == 0 || skips_errors_member()) return true;
        if (!begin_capture(ec)) return false;
        aside_->capture.open('{');
        return true;
    }

    bool on_object_end(std::size_t, error_code&)
    {
        --depth_;
        if (depth_ == 0 || skips_errors_member()) return true;
        aside_->capture.close('}');
        return end_value();
    }

    bool on_array_begin(error_code& ec)
    {
        if (depth_++ == 0) return stop(ec, errc::response_not_an_object);
        if (skips_errors_member()) return true;
        if (!begin_capture(ec)) return false;
        aside_->capture.open('[');
        return true;
    }

    bool on_array_end(std::size_t, error_code&)
    {
        --depth_;
        if (skips_errors_member()) return true;
        aside_->capture.close(']');
        return end_value();
    }

    bool on_key_part(text part, std::size_t, error_code&)
    {
        if (capturing()) aside_->capture.string_part(view(part));
        else if (top()) beside().key.append(part.data(), part.size());
        return true;
    }

    bool on_key(text part, std::size_t, error_code& ec)
    {
        // As a rule it is one of those that are known, for the first time, and nothing odd came before.
        if (top() && !aside_) [[likely]]
        {
            at_ = to_token_member(view(part));
            if (!(seen_ & bit(at_))) [[likely]] return seen_ |= bit(at_), true;
        }
        return other_key(part, ec);
    }

    bool on_string_part(text part, std::size_t, error_code& ec)
    {
        if (is_secret()) secret_at().append(view(part));
        else if (is_text()) text_at() ? text_at()->append(view(part)) : text_at().emplace(view(part));
        else if (is_said()) said_at().append(view(part).substr(0, max_server_text - std::min(max_server_text, said_at().size())));
        else if (is_number()) beside().number.append(view(part));
        else if (skips_errors_member()) return true;
        else if (!begin_capture(ec)) return false;
        else aside_->capture.string_part(view(part));
        return true;
    }

    bool on_string(text part, std::size_t whole, error_code& ec)
    {
        bool const in_one_piece = whole == part.size();
        if (in_one_piece && is_secret()) return secret_at().assign(view(part)), true;
        if (in_one_piece && is_text()) return text_at().emplace(view(part)), true;
        return other_string(part, in_one_piece, ec);
    }

    bool on_number_part(text, error_code&) { return true; }
    bool on_int64(std::int64_t value, text as_text, error_code& ec) { return number(value, as_text, ec); }
    bool on_uint64(std::uint64_t value, text as_text, error_code& ec) { return number(static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)), as_text, ec); }
    bool on_double(double value, text as_text, error_code& ec) { return number(saturated(value), as_text, ec); }
    bool on_bool(bool value, error_code& ec) { return literal(value ? "true" : "false", ec); }

    bool on_null(error_code& ec)
    {
        // A known member that is null is as good as absent; the value of an extra one is kept.
        if (at_ != token_member::unknown) return true;
        return literal("null", ec);
    }
};

} // namespace oauth::detail

#endif
