#ifndef OAUTH_CORE_DETAIL_STRICT_JSON_HPP
#define OAUTH_CORE_DETAIL_STRICT_JSON_HPP

#include <oauth/core/detail/is_utf8.hpp>
#include <oauth/error/result.hpp>
#include <boost/json/error.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// What a text may be at most.
struct strict_json_limits
{
    std::size_t size = 64 * 1024;   ///< bytes
    std::size_t depth = 16;         ///< objects and arrays in each other
};

/// How many members the objects of `text` are written with, at every depth. @pre It is valid JSON: there each member has its one colon outside of strings.
inline std::size_t written_members(std::string_view text) noexcept
{
    std::size_t count = 0;
    bool const escapes = text.find('\\') != text.npos;   // as a rule there are none: then a string ends at the next quotation mark
    for (std::size_t at = 0; at < text.size(); ++at)
    {
        if (text[at] == ':') ++count;
        if (text[at] != '"') continue;
        if (!escapes) at = text.find('"', at + 1);
        else
            for (++at; text[at] != '"'; ++at)
                if (text[at] == '\\') ++at;
    }
    return count;
}

/// How many members the objects of `value` hold, at every depth. Recurses as deep as the value, which the parser bounds.
inline std::size_t held_members(boost::json::value const& value) noexcept
{
    std::size_t count = 0;
    if (auto const* const object = value.if_object())
    {
        count = object->size();
        for (auto const& member : *object)
            if (member.value().is_structured()) count += held_members(member.value());
    }
    else if (auto const* const array = value.if_array())
        for (auto const& element : *array)
            if (element.is_structured()) count += held_members(element);
    return count;
}

/** Parse JSON of which nobody may make two things.

    Beyond what Boost.JSON refuses (broken UTF-8, comments, trailing commas, text after the end), a member name may come once only in an object, at every depth.
    A number that is too large for a `double` is infinite, and Boost 1.81 makes NaN of "0e400": whoever reads a number checks it.

    @param memory Where the value and all that the parser needs are kept: a @ref wiping_resource for what holds secrets.

    @return The value, or errc::response_too_large, errc::response_not_utf8, errc::response_not_json, errc::response_too_deep or errc::response_duplicate_member, all with
        advice::give_up. Who reads something else than a response gives it another code.

    @par Exception safety
    Strong; only allocation throws.
*/
inline result<boost::json::value> strict_json(std::string_view text, strict_json_limits limits = {}, boost::json::storage_ptr memory = {})
{
    if (text.size() > limits.size) return failure(errc::response_too_large, advice::give_up);
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::parser parser(memory, options);
    parser.reset(memory);
    error_code ec;
    parser.write(text.data(), text.size(), ec);
    if (ec == boost::json::error::too_deep) return failure(errc::response_too_deep, advice::give_up);
    // Boost.JSON says `syntax` for broken UTF-8 too.
    if (ec) return failure(is_utf8(text) ? errc::response_not_json : errc::response_not_utf8, advice::give_up);
    auto value = parser.release();
    // Of members with the same name the parser keeps one, so that fewer are held than were written.
    if (held_members(value) != written_members(text)) return failure(errc::response_duplicate_member, advice::give_up);
    return value;
}

/// As @ref strict_json; anything but an object is errc::response_not_an_object.
inline result<boost::json::object> strict_json_object(std::string_view text, strict_json_limits limits = {}, boost::json::storage_ptr memory = {})
{
    auto value = strict_json(text, limits, std::move(memory));
    if (value.has_error()) return value.error();
    if (!value->is_object()) return failure(errc::response_not_an_object, advice::give_up);
    return std::move(value->get_object());
}

} // namespace oauth::detail

#endif
