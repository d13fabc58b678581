#ifndef OAUTH_POLICY_RECEIVER_LOOPBACK_RECEIVER_HPP
#define OAUTH_POLICY_RECEIVER_LOOPBACK_RECEIVER_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/receiver/closing_page.hpp>
#include <oauth/policy/receiver/detail/loopback_server.hpp>
#include <oauth/policy/receiver/detail/loopback_uri.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// How a @ref loopback_receiver waits, and what it shows. `std::chrono::milliseconds::max()` is no limit.
struct loopback_options
{
    std::chrono::milliseconds deadline = std::chrono::minutes(5);           ///< for the whole sign-in, from `receive` on
    std::chrono::milliseconds request_deadline = std::chrono::seconds(10);  ///< for one request, from its first byte to its last
    closing_page page = {};                                                 ///< what the user sees in the browser
};

/** Receives the redirect by itself: a small HTTP server on this machine's loopback addresses, for the time of one sign-in.

    @par Which address
    The registered redirect URI decides host and path; the answer must come to exactly that path. `localhost` is served on 127.0.0.1 and, where
    there is IPv6, on ::1; a literal address on itself; never any other interface. Without a registered URI it is "http://127.0.0.1:PORT/".
    The port is the receiver's own where it was made with one (or the first free one of its list), else the one that the registered URI names,
    else one that the system chooses. `prepare` returns the registered URI with that port in it and not otherwise changed.

    @par What it takes
    A redirect with a query, or a POST of a form (`response_mode=form_post`, which keeps the code out of address bar, history and logs: `flow::sign_in`
    asks for it where the server's metadata says that it can do that). It waits on until one is shown to the judge that is no stranger. A browser's own requests (favicon, prefetch, preconnected
    sockets), other methods and paths, other host names (DNS rebinding) and oversized or endless requests are turned away and change nothing.
    A fragment (`response_mode=fragment`) never reaches a server: don't ask for it together with this receiver.

    @par What the user sees
    A page that says that the answer has come here, no more: the code is still to be exchanged. It takes the query out of the address bar and of the history by `history.replaceState`, rather
    than by another redirect: that would need a second request, which would fail where the program has already gone on.

    @par Thread safety
    `stop` and the function that `stopper` returns may be called at any time from any thread and in a signal handler. All else: one thread at a time.

    @par Specification
    RFC 8252 7.3 and 8.3, RFC 9700 4.1.1 and 2.1, OAuth 2.0 Form Post Response Mode
*/
class loopback_receiver
{
    std::vector<std::uint16_t> ports_;
    loopback_options options_;
    std::shared_ptr<std::atomic<bool>> stopped_ = std::make_shared<std::atomic<bool>>(false);
    std::unique_ptr<detail::loopback_server> server_;

public:
    /// Ends the wait of the receiver that gave it. May be copied, and may outlive the receiver.
    class stopper_type
    {
        std::shared_ptr<std::atomic<bool>> stopped_;
        friend class loopback_receiver;
        explicit stopper_type(std::shared_ptr<std::atomic<bool>> stopped) noexcept : stopped_(std::move(stopped)) {}

    public:
        void operator()() const noexcept { stopped_->store(true); }
    };

    /// The code then stands in no URL. Browsers post such a form to loopback from an https page without a warning.
    static constexpr std::string_view preferred_response_mode = "form_post";

    /// On the port of the registered URI, or on any.
    explicit loopback_receiver(loopback_options options = {}) : options_(std::move(options)) {}

    /// On `port`, 0 for any.
    explicit loopback_receiver(std::uint16_t port, loopback_options options = {}) : ports_{port}, options_(std::move(options)) {}

    /// On the first of `ports` that is free, for servers that compare the port too and where several are registered.
    explicit loopback_receiver(std::vector<std::uint16_t> ports, loopback_options options = {})
        : ports_(std::move(ports)), options_(std::move(options))
    {
    }

    /** Begin to listen. What arrives from now on waits for `receive`.

        @return The redirect URI to use, or
            @li errc::receiver_failed when `registered` is not an http URL on a loopback address, or none of the ports may be listened on,
            @li errc::port_in_use when others have all of the ports.
    */
    result<std::string> prepare(std::string const& registered)
    {
        server_.reset();
        auto const uri = detail::loopback_uri::parse(registered);
        if (!uri) return uri.error();
        auto server = std::make_unique<detail::loopback_server>(options_.page, options_.request_deadline);
        auto const port = server->open(*uri, ports_.empty() ? std::vector{uri->port} : ports_);
        if (!port) return port.error();
        server_ = std::move(server);
        return uri->with_port(*port);
    }

    /** Wait for the user to come back, and stop listening. Returns when the browser has got its page, but at most two seconds after the verdict.

        @return The redirected URL or the form's body that the judge took for the answer; it holds the code: wipe it. Or
            @li errc::sign_in_timeout when nobody came back in time: the user closed the page, or the server showed an error of its own and redirected nowhere,
            @li errc::cancelled after @ref stop,
            @li errc::receiver_failed without a `prepare` before.

        @par Exception safety
        Basic; what the judge throws passes through.
    */
    template <class Judge>
    result<std::string> receive(Judge judge)
    {
        using server_type = detail::loopback_server;
        auto const server = std::exchange(server_, nullptr);
        if (server == nullptr) return failure(errc::receiver_failed, advice::give_up, "receive() needs a prepare() before it");
        auto const end = detail::deadline_after(options_.deadline);
        for (;;)
        {
            auto const what = server->wait(end, *stopped_);
            if (what == server_type::waited::stopped) return failure(errc::cancelled, advice::give_up, "the program stopped waiting for the browser");
            if (what == server_type::waited::late)
                return failure(errc::sign_in_timeout, advice::sign_in_again,
                               "if the browser shows an error about the redirect URI or the client, mend the app registration");
            switch (judge(server->candidate()))
            {
            case reception::stranger: server->answer(detail::page_kind::stranger); continue;
            case reception::granted: return finish(*server, detail::page_kind::granted);
            case reception::refused: return finish(*server, detail::page_kind::refused);
            }
        }
    }

    /// End the wait, this one or the next, for good: a stopped receiver stays stopped. Returns at once; `receive` follows within 100 ms.
    void stop() noexcept { stopped_->store(true); }

    /// What does the same from elsewhere, also after this receiver was moved.
    stopper_type stopper() const noexcept { return stopper_type(stopped_); }

private:
    static result<std::string> finish(detail::loopback_server& server, detail::page_kind page)
    {
        std::string answer(server.candidate());
        server.answer_last(page, detail::loopback_server::clock::now() + std::chrono::seconds(2));
        return answer;
    }
};
static_assert(check_redirect_receiver<loopback_receiver>() && prefers_response_mode<loopback_receiver>);

} // namespace oauth

#endif
