#ifndef OAUTH_CORE_DETAIL_STORED_JSON_READER_HPP
#define OAUTH_CORE_DETAIL_STORED_JSON_READER_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

inline constexpr std::size_t stored_json_limit = std::size_t{1} << 20;

/// What a stored text turned out to be.
enum class stored_version
{
    unreadable,
    known,
    newer,
};

/** A stored text as a JSON document in memory that is wiped.

    Neither movable nor copyable, since its values point to the memory resource.
*/
class stored_json_document
{
    wiping_resource memory_;
    boost::json::value root_;

public:
    explicit stored_json_document(std::string_view text) : root_(boost::json::storage_ptr(&memory_))
    {
        if (text.size() > stored_json_limit) return;
        boost::json::parse_options limits;
        limits.max_depth = 16;
        boost::json::parser parser(root_.storage(), limits);
        parser.reset(root_.storage());
        boost::system::error_code broken;
        parser.write(text.data(), text.size(), broken);
        if (!broken) root_ = parser.release();
    }

    stored_json_document(stored_json_document const&) = delete;
    stored_json_document& operator=(stored_json_document const&) = delete;

    boost::json::object const& members() const { return root_.get_object(); }

    /// Which version wrote it? @ref members may be asked for unless it is unreadable.
    stored_version version(std::int64_t known) const
    {
        auto const* const object = root_.if_object();
        auto const* const number = object ? object->if_contains("version") : nullptr;
        if (number == nullptr) return stored_version::unreadable;
        if (number->is_uint64()) return stored_version::newer;
        // What is beyond any integer is read as one of these.
        if (number->is_double()) return number->get_double() > static_cast<double>(known) ? stored_version::newer : stored_version::unreadable;
        if (!number->is_int64() || number->get_int64() < 1) return stored_version::unreadable;
        return number->get_int64() > known ? stored_version::newer : stored_version::known;
    }
};

/** Reads the members of one object, each by its exact type.

    A member may be missing only where it is optional. The first fault makes the whole bad.
*/
class stored_json_reader
{
    boost::json::object const& from_;
    bool good_ = true;

    boost::json::value const* find(std::string_view member) const noexcept { return from_.if_contains({member.data(), member.size()}); }

    void text(std::string_view member, secret& out)
    {
        auto const* value = find(member);
        if (value && value->is_string())
        {
            auto const& string = value->get_string();
            out.assign({string.data(), string.size()});
            return;
        }
        auto const* const object = value ? value->if_object() : nullptr;
        auto const* const encoded = object && object->size() == 1 ? object->if_contains("base64url") : nullptr;
        auto const* const string = encoded ? encoded->if_string() : nullptr;
        auto decoded = string ? base64url_decode({string->data(), string->size()}) : std::nullopt;
        if (decoded) out = secret(std::move(*decoded));
        else good_ = false;
    }

public:
    explicit stored_json_reader(boost::json::object const& from) noexcept : from_(from) {}

    bool good() const noexcept { return good_; }

    void operator()(std::string_view member, secret& out) { text(member, out); }

    void operator()(std::string_view member, std::string& out)
    {
        secret read;
        text(member, read);
        out = read.reveal();
    }

    void operator()(std::string_view member, std::optional<std::string>& out)
    {
        out.reset();
        if (find(member) == nullptr) return;
        (*this)(member, out.emplace());
    }

    void operator()(std::string_view member, oauth::scope& out)
    {
        secret read;
        text(member, read);
        auto const tokens = read.reveal();
        if (oauth::scope::within_limits(tokens)) out = oauth::scope(tokens);
        else good_ = false;
    }

    void operator()(std::string_view member, bool& out)
    {
        auto const* const value = find(member);
        if (value && value->is_bool()) out = value->get_bool();
        else good_ = false;
    }

    void operator()(std::string_view member, time_point& out)
    {
        auto const* const value = find(member);
        if (value && value->is_int64()) out = time_point(seconds(value->get_int64()));
        else good_ = false;
    }

    void operator()(std::string_view member, std::optional<time_point>& out)
    {
        out.reset();
        if (find(member) == nullptr) return;
        (*this)(member, out.emplace());
    }

    /// A member that may be missing: `out` stays as it is then.
    template <class T>
    void unless_empty(std::string_view member, T& out)
    {
        if (find(member) != nullptr) (*this)(member, out);
    }
};

} // namespace oauth::detail

#endif
