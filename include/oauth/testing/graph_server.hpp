#ifndef OAUTH_TESTING_GRAPH_SERVER_HPP
#define OAUTH_TESTING_GRAPH_SERVER_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/detail/claims_cover.hpp>
#include <oauth/testing/detail/graph_answer.hpp>
#include <oauth/testing/memory_server.hpp>
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace oauth::testing {

/// A business of the Bookings look-alike.
struct booking_business
{
    std::string id;
    std::string display_name;
};

/// How a @ref graph_server behaves. An aggregate.
struct graph_server_options
{
    std::string origin = "https://graph.microsoft.com";

    /// What an access token must be for; a token that names no resource is taken.
    std::string resource = "https://graph.microsoft.com";

    std::vector<booking_business> businesses = {{"Contosolunchdelivery@contoso.onmicrosoft.com", "Contoso lunch delivery"},
                                                {"Fabrikam@contoso.onmicrosoft.com", "Fabrikam"},
                                                {"Tailspin@contoso.onmicrosoft.com", "Tailspin Toys"}};
    std::size_t page_size = 2;   ///< real Bookings gives one page; other collections of Graph do as is done here

    /// What `@odata.nextLink` begins with; empty: the origin. Another host's, to see that a client does not take its token there.
    std::string next_link_origin = {};
};

/** A look-alike of Microsoft Graph in memory, for what the examples need: `/v1.0/me`, `/v1.0/solutions/bookingBusinesses` and `…/{id}`.

    It takes the access tokens of an @ref authorization_server, and answers without one, or without the permission, as Graph does: 401 with
    `WWW-Authenticate`, 403, 404, 429, each with Graph's error body.

    @par Ownership
    Copies are the same server.

    @par Thread safety
    Safe, also for one object.
*/
template <clock Clock = system_clock>
class graph_server
{
    struct shared
    {
        graph_server_options options;
        std::mutex mutex;
        std::uint64_t to_throttle = 0;
        seconds retry_after{0};
        std::uint64_t to_challenge = 0;
        std::string claims;
        std::string required;
        std::uint64_t requests = 0;
    };

    authorization_server<Clock> authority_;
    std::shared_ptr<shared> shared_ = std::make_shared<shared>();

public:
    /// Takes the tokens of `authority`.
    explicit graph_server(authorization_server<Clock> authority, graph_server_options options = {}) : authority_(std::move(authority))
    {
        shared_->options = std::move(options);
    }

    /// Answer a request.
    http_response handle(http_request const& request) const
    {
        std::scoped_lock const lock(shared_->mutex);
        ++shared_->requests;
        if (shared_->to_throttle != 0)
        {
            --shared_->to_throttle;
            return detail::graph_throttled(shared_->retry_after);
        }
        auto const header = request.authorization.reveal();
        if (!oauth::detail::ascii_iequal(header.substr(0, 7), "Bearer "))
            return unauthorized("", "InvalidAuthenticationToken", "Access token is empty.");
        auto const token = authority_.introspect(header.substr(7));
        if (!token) return unauthorized("invalid_token", "InvalidAuthenticationToken", "Access token validation failure.");
        if (!token->resource.empty() && without_slash(token->resource) != without_slash(shared_->options.resource))
            return unauthorized("invalid_token", "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.");
        if (shared_->to_challenge != 0)
        {
            --shared_->to_challenge;
            return challenge(shared_->claims);
        }
        if (!shared_->required.empty() && !detail::claims_cover(token->claims, shared_->required)) return challenge(shared_->required);
        return answer(request, *token);
    }

    /// Is this URL on the server's origin?
    bool serves(endpoint const& url) const
    {
        std::scoped_lock const lock(shared_->mutex);
        auto const own = endpoint::parse(shared_->options.origin);
        return own && own->same_origin(url);
    }

    /// Where it is, for a server behind a socket: `@odata.nextLink` begins with it.
    void set_origin(std::string origin)
    {
        std::scoped_lock const lock(shared_->mutex);
        shared_->options.origin = std::move(origin);
    }

    /// The next `times` requests get 429, with `Retry-After` where it is more than nothing.
    void throttle_next(std::uint64_t times = 1, seconds retry_after = seconds{10})
    {
        std::scoped_lock const lock(shared_->mutex);
        shared_->to_throttle = times;
        shared_->retry_after = retry_after;
    }

    /// The next `times` requests with a good token get a claims challenge (continuous access evaluation). `claims` is JSON text.
    void challenge_next(std::uint64_t times = 1, std::string claims = R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"}}})")
    {
        std::scoped_lock const lock(shared_->mutex);
        shared_->to_challenge = times;
        shared_->claims = std::move(claims);
    }

    /// From now on a token will only do if it was asked with these claims; any other gets them as a challenge. "" ends that.
    void require_claims(std::string claims)
    {
        std::scoped_lock const lock(shared_->mutex);
        shared_->required = std::move(claims);
    }

    /// How many requests there were.
    std::uint64_t requests() const
    {
        std::scoped_lock const lock(shared_->mutex);
        return shared_->requests;
    }

private:
    static std::string_view without_slash(std::string_view text) noexcept { return text.ends_with('/') ? text.substr(0, text.size() - 1) : text; }

    std::string authorize_url() const { return authority_.metadata().authorization_endpoint.url(); }

    http_response unauthorized(std::string_view error, std::string_view code, std::string_view message) const
    {
        return detail::graph_challenge(authorize_url(), error, {}, code, message);
    }

    http_response challenge(std::string_view claims) const
    {
        return detail::graph_challenge(authorize_url(), "insufficient_claims", claims, "InvalidAuthenticationToken", "Continuous access evaluation resulted in challenge.");
    }

    static bool may(accepted_token const& token, std::initializer_list<std::string_view> any_of)
    {
        return std::any_of(any_of.begin(), any_of.end(), [&](std::string_view one) { return covers(token.scope, one, "https://graph.microsoft.com/"); });
    }

    http_response answer(http_request const& request, accepted_token const& token) const
    {
        constexpr std::string_view collection = "/v1.0/solutions/bookingBusinesses";
        auto const target = request.url.target();
        auto const path = target.substr(0, target.find('?'));
        auto const query = target.substr(std::min(path.size() + 1, target.size()));
        bool const me = path == "/v1.0/me";
        bool const list = path == collection;
        bool const one = path.starts_with(collection) && path.size() > collection.size() + 1 && path[collection.size()] == '/';
        if (!me && !list && !one) return detail::graph_error(404, "ResourceNotFound", "Resource not found for the segment.");
        if (request.method != http_method::get)
            return detail::graph_error(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
        if (me && !may(token, {"User.Read", "User.Read.All", "User.ReadWrite", "Directory.Read.All"}))
            return detail::graph_error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        if (me && !token.user) return detail::graph_error(400, "BadRequest", "/me request is only valid with delegated authentication flow.");
        if (me) return detail::graph_me(shared_->options.origin, *token.user);
        if (!may(token, {"Bookings.Read.All", "BookingsAppointment.ReadWrite.All", "Bookings.ReadWrite.All", "Bookings.Manage.All"}))
            return detail::graph_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        return list ? page(query) : business(path.substr(collection.size() + 1));
    }

    http_response page(std::string_view query) const
    {
        auto const& options = shared_->options;
        auto const parameters = parse_form(query);
        if (!parameters) return detail::graph_error(400, "BadRequest", "The query is malformed.");
        std::size_t begin = 0;
        if (auto const skip = find_parameter(*parameters, "$skiptoken"))
        {
            auto const [end, fault] = std::from_chars(skip->data(), skip->data() + skip->size(), begin);
            if (fault != std::errc{} || end != skip->data() + skip->size() || begin > options.businesses.size())
                return detail::graph_error(400, "BadRequest", "The skip token is not valid.");
        }
        auto const end = begin + std::min(std::max<std::size_t>(options.page_size, 1), options.businesses.size() - begin);
        boost::json::array value;
        for (auto i = begin; i < end; ++i)
            value.push_back(boost::json::object{{"id", options.businesses[i].id}, {"displayName", options.businesses[i].display_name}});
        boost::json::object body{{"@odata.context", options.origin + "/v1.0/solutions/$metadata#bookingBusinesses"}};
        if (end < options.businesses.size())
        {
            auto const& origin = options.next_link_origin.empty() ? options.origin : options.next_link_origin;
            body["@odata.nextLink"] = origin + "/v1.0/solutions/bookingBusinesses?$skiptoken=" + std::to_string(end);
        }
        body["value"] = std::move(value);
        return detail::json_response(200, body);
    }

    http_response business(std::string_view encoded_id) const
    {
        auto const id = detail::percent_decode(encoded_id);
        for (auto const& one : shared_->options.businesses)
            if (one.id == id) return detail::graph_business(shared_->options.origin, one.id, one.display_name);
        return detail::graph_error(404, "ErrorNonExistentMailbox", "The specified business does not exist, or you are no member of it.");
    }
};
static_assert(memory_server<graph_server<>>);

} // namespace oauth::testing

#endif
