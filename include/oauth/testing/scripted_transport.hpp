#ifndef OAUTH_TESTING_SCRIPTED_TRANSPORT_HPP
#define OAUTH_TESTING_SCRIPTED_TRANSPORT_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/policy/transport.hpp>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing {

/** A transport that replays a script: it expects requests in a given order and answers each as it was told.

    @code
    oauth::testing::scripted_transport transport;
    transport.expect_post("https://login.example/token").with("grant_type", "refresh_token").without("scope").reply(200, body);
    transport.expect_post("https://login.example/token").fail(oauth::errc::connection_lost, oauth::advice::retry);
    ...
    BOOST_TEST(transport.done(), transport.report());
    @endcode

    A request that is not the one expected next gets a failure with errc::unexpected_request, whose hint says what differs, and leaves the script where it
    was. Copies share the script and the record: keep one in the test and give one to the flow. Neither hint nor report holds a value that was sent.

    @par Thread safety
    Safe, also for one object; requests of several threads meet the script in the order in which they come.
*/
class scripted_transport
{
    struct parameter_rule
    {
        std::string name;
        std::optional<std::string> value;
        bool present = true;
    };

    struct step
    {
        http_method method = http_method::get;
        std::string url;
        std::vector<parameter_rule> parameters;
        std::vector<parameter_rule> fields;
        std::optional<std::string> authorization;
        std::optional<result<http_response>> outcome;
    };

    struct script
    {
        mutable std::mutex mutex;
        std::vector<step> steps;
        std::size_t next = 0;
        std::vector<http_request> sent;
        std::vector<std::string> surprises;
    };

    std::shared_ptr<script> script_ = std::make_shared<script>();

public:
    /// One request of the script in the making. It refers to the script, not to the transport it came from; give it its end by `reply` or `fail`.
    class expectation
    {
        std::shared_ptr<script> script_;
        std::size_t index_;

    public:
        expectation(std::shared_ptr<script> of, std::size_t index) : script_(std::move(of)), index_(index) {}

        /// The form body (or, for GET, the query) must hold this parameter with this value, exactly once.
        expectation& with(std::string name, std::string value)
        {
            return change([&](step& mine) { mine.parameters.push_back({std::move(name), std::move(value), true}); });
        }

        /// ... with any value.
        expectation& with(std::string name)
        {
            return change([&](step& mine) { mine.parameters.push_back({std::move(name), std::nullopt, true}); });
        }

        /// ... must not hold this parameter.
        expectation& without(std::string name)
        {
            return change([&](step& mine) { mine.parameters.push_back({std::move(name), std::nullopt, false}); });
        }

        /// There must be a header field of this name (in any case) and value. `Authorization` has its own.
        expectation& with_field(std::string name, std::string value)
        {
            return change([&](step& mine) { mine.fields.push_back({std::move(name), std::move(value), true}); });
        }

        /// There must be no header field of this name.
        expectation& without_field(std::string name)
        {
            return change([&](step& mine) { mine.fields.push_back({std::move(name), std::nullopt, false}); });
        }

        /// The value of `Authorization`; "" for none.
        expectation& with_authorization(std::string value)
        {
            return change([&](step& mine) { mine.authorization = std::move(value); });
        }

        /// Answer with this. Without `fields` it is JSON by its Content-Type.
        void reply(int status, std::string body, http_fields fields = {{"Content-Type", "application/json"}})
        {
            change([&](step& mine) { mine.outcome = http_response{status, std::move(fields), secret(std::move(body))}; });
        }

        /// Answer with a failure, as a transport does that got no whole answer.
        void fail(failure why)
        {
            change([&](step& mine) { mine.outcome = std::move(why); });
        }

        void fail(errc why, advice next = advice::retry) { fail(failure(why, next, "scripted_transport was told to fail")); }

    private:
        template <class Change>
        expectation& change(Change apply)
        {
            std::scoped_lock const lock(script_->mutex);
            apply(script_->steps[index_]);
            return *this;
        }
    };

    /// Expect this request after those that are expected already. `url` is compared exactly, but a GET may have a query that `url` does not name.
    expectation expect(http_method method, std::string url)
    {
        std::scoped_lock const lock(script_->mutex);
        auto& added = script_->steps.emplace_back();
        added.method = method;
        added.url = std::move(url);
        return {script_, script_->steps.size() - 1};
    }

    expectation expect_get(std::string url) { return expect(http_method::get, std::move(url)); }
    expectation expect_post(std::string url) { return expect(http_method::post, std::move(url)); }

    /// What the script says. Never waits.
    result<http_response> send(http_request request)
    {
        std::scoped_lock const lock(script_->mutex);
        auto& steps = script_->steps;
        auto& next = script_->next;
        script_->sent.push_back(request);
        auto difference = next < steps.size() ? differs(steps[next], request) : "the script is at its end";
        if (difference.empty()) return *steps[next++].outcome;
        difference = "request " + std::to_string(script_->sent.size()) + " (" + std::string(to_string(request.method)) + ' '
                   + std::string(without_query(request.url.url())) + "): " + difference;
        script_->surprises.push_back(difference);
        return failure(errc::unexpected_request, advice::give_up, "scripted_transport: " + difference);
    }

    /// Was the whole script used, and nothing else asked for?
    bool done() const
    {
        std::scoped_lock const lock(script_->mutex);
        return script_->next == script_->steps.size() && script_->surprises.empty();
    }

    /// Why @ref done says no, in words; "" where it says yes.
    std::string report() const
    {
        std::scoped_lock const lock(script_->mutex);
        std::string out;
        for (auto const& surprise : script_->surprises) out += surprise + '\n';
        for (auto i = script_->next; i < script_->steps.size(); ++i)
            out += "never asked for: " + std::string(to_string(script_->steps[i].method)) + ' ' + script_->steps[i].url + '\n';
        return out;
    }

    /// All requests so far, in order, the unexpected ones among them. They hold secrets.
    std::vector<http_request> sent() const
    {
        std::scoped_lock const lock(script_->mutex);
        return script_->sent;
    }

    /// The parameters of the body of `request`; none where it is not a form.
    static form_parameters form_of(http_request const& request)
    {
        auto parsed = parse_form(request.body.reveal());
        return parsed ? std::move(*parsed) : form_parameters{};
    }

private:
    static std::string_view without_query(std::string_view url) noexcept { return url.substr(0, url.find('?')); }

    static std::string differs(step const& expected, http_request const& request)
    {
        if (!expected.outcome) return "the script has no reply for it";
        if (expected.method != request.method) return "expected " + std::string(to_string(expected.method)) + ' ' + expected.url;
        std::string_view const url = request.url.url();
        bool const any_query = request.method == http_method::get && expected.url.find('?') == std::string::npos;
        if ((any_query ? without_query(url) : url) != expected.url) return "expected the URL " + expected.url;
        auto const query = request.method == http_method::get ? url.substr(std::min(without_query(url).size() + 1, url.size())) : std::string_view{};
        auto const parameters = parse_form(request.method == http_method::get ? query : request.body.reveal());
        if (!expected.parameters.empty() && !parameters) return "its parameters can't be decoded";
        for (auto const& rule : expected.parameters)
        {
            auto const fault = breaks(rule, *parameters, [&](form_parameter const& one) { return one.name == rule.name; });
            if (!fault.empty()) return "parameter " + rule.name + fault;
        }
        for (auto const& rule : expected.fields)
        {
            auto const fault = breaks(rule, request.fields, [&](http_field const& one) { return oauth::detail::ascii_iequal(one.name, rule.name); });
            if (!fault.empty()) return "field " + rule.name + fault;
        }
        if (expected.authorization && !request.authorization.matches(*expected.authorization)) return "Authorization has another value";
        return {};
    }

    template <class Range, class IsMeant>
    static std::string breaks(parameter_rule const& rule, Range const& range, IsMeant is_meant)
    {
        std::size_t found = 0;
        bool equal = true;
        for (auto const& one : range)
            if (is_meant(one))
            {
                ++found;
                equal = equal && (!rule.value || one.value == *rule.value);
            }
        if (!rule.present) return found == 0 ? "" : " must not be there";
        if (found == 0) return " is missing";
        if (found > 1) return " came more than once";
        return equal ? "" : " has another value";
    }
};
static_assert(check_transport<scripted_transport>());

} // namespace oauth::testing

#endif
