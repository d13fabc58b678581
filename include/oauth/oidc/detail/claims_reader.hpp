#ifndef OAUTH_OIDC_DETAIL_CLAIMS_READER_HPP
#define OAUTH_OIDC_DETAIL_CLAIMS_READER_HPP

#include <oauth/core/detail/numeric_date.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

/** Takes claims out of an object, each by its type. What is taken is no longer there; what is left is the rest.

    The first fault of a required or checked claim is kept; `null` is as good as absent.
*/
class claims_reader
{
    boost::json::object& from_;
    std::optional<failure> fault_;

    static std::optional<std::string> read(boost::json::value const& value, std::optional<std::string> const&)
    {
        auto const* const text = value.if_string();
        return text ? std::optional(std::string(text->data(), text->size())) : std::nullopt;
    }

    static std::optional<bool> read(boost::json::value const& value, std::optional<bool> const&)
    {
        if (auto const* const flag = value.if_bool()) return *flag;
        // Some servers write it as a text.
        auto const* const text = value.if_string();
        if (text && (*text == "true" || *text == "false")) return *text == "true";
        return std::nullopt;
    }

    static std::optional<time_point> read(boost::json::value const& value, std::optional<time_point> const&) { return numeric_date(value); }

    static std::optional<std::vector<std::string>> read(boost::json::value const& value, std::optional<std::vector<std::string>> const&)
    {
        if (auto const* const one = value.if_string()) return std::vector<std::string>{std::string(one->data(), one->size())};
        auto const* const list = value.if_array();
        if (!list || list->size() > 64) return std::nullopt;
        std::vector<std::string> out;
        for (auto const& element : *list)
        {
            auto const* const text = element.if_string();
            if (!text) return std::nullopt;
            out.emplace_back(text->data(), text->size());
        }
        return out;
    }

    enum class found { absent, wrong, there };

    template <class T>
    found take(std::string_view name, std::optional<T>& out)
    {
        auto const at = from_.find({name.data(), name.size()});
        if (at == from_.end()) return found::absent;
        bool const null = at->value().is_null();
        if (!null) out = read(at->value(), out);
        if (!null && !out) return found::wrong;
        // Keeps the order of the rest, for whoever prints it.
        from_.stable_erase(at);
        return null ? found::absent : found::there;
    }

    void fail(errc why, std::string_view name)
    {
        if (!fault_) fault_.emplace(why, advice::give_up, "the claim " + std::string(name));
    }

public:
    explicit claims_reader(boost::json::object& from) noexcept : from_(from) {}

    /// It must be there, and of this type.
    template <class T>
    void required(std::string_view name, T& out)
    {
        std::optional<T> value;
        auto const state = take(name, value);
        if (state == found::there) out = std::move(*value);
        else fail(state == found::absent ? errc::claim_missing : errc::malformed_claims, name);
    }

    /// A text, or a list of texts that is not empty.
    void required_list(std::string_view name, std::vector<std::string>& out)
    {
        required(name, out);
        if (!fault_ && out.empty()) fail(errc::malformed_claims, name);
    }

    /// Where it is there, it must be of this type.
    template <class T>
    void checked(std::string_view name, std::optional<T>& out)
    {
        if (take(name, out) == found::wrong) fail(errc::malformed_claims, name);
    }

    /// Where it is of another type it is left among the rest.
    template <class T>
    void lenient(std::string_view name, std::optional<T>& out)
    {
        take(name, out);
    }

    void lenient_list(std::string_view name, std::vector<std::string>& out)
    {
        std::optional<std::vector<std::string>> value;
        if (take(name, value) == found::there) out = std::move(*value);
    }

    /// Who the user is, as ID tokens and userinfo both may say it (OpenID Connect Core 5.1).
    template <class Claims>
    void profile(Claims& out)
    {
        lenient("name", out.name);
        lenient("given_name", out.given_name);
        lenient("family_name", out.family_name);
        lenient("preferred_username", out.preferred_username);
        lenient("email", out.email);
        lenient("email_verified", out.email_verified);
    }

    std::optional<failure> fault() const& { return fault_; }
    std::optional<failure> fault() && { return std::move(fault_); }
};

} // namespace oauth::detail

#endif
