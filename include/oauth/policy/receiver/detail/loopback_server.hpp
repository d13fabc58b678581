#ifndef OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_SERVER_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_SERVER_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/policy/receiver/detail/loopback_listener.hpp>
#include <oauth/policy/receiver/detail/loopback_reply.hpp>
#include <oauth/policy/receiver/detail/loopback_uri.hpp>
#include <oauth/policy/receiver/detail/redirect_request.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace oauth::detail {

/** The server behind a @ref loopback_receiver. It hands out what may be the redirect, one by one, and answers all else by itself.

    One thread, one request a connection. Nobody can keep the real redirect out: connections wait side by side, one that has begun to speak must
    finish in time, and where too many are open the oldest that has nothing for the judge makes room.
*/
class loopback_server
{
public:
    using clock = std::chrono::steady_clock;

    enum class waited { candidate, late, stopped };

    static constexpr std::size_t most_connections = 64;

private:
    enum class state { reading, judged, answering, leaving, closed };

    struct connection
    {
        loopback_socket socket;
        boost::beast::basic_flat_buffer<wiping_allocator<char>> buffer{redirect_limit};
        redirect_parser parser;
        std::string answer;
        secret text;
        clock::time_point deadline = clock::time_point::max();
        std::size_t dropped = 0;
        state is = state::reading;

        explicit connection(boost::asio::io_context& context) : socket(context)
        {
            parser.eager(true);
            parser.header_limit(redirect_limit);
            parser.body_limit(redirect_limit);
        }
    };
    using handle = std::shared_ptr<connection>;

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<loopback_executor> work_{context_.get_executor()};
    std::vector<loopback_acceptor> acceptors_;
    std::vector<std::size_t> resting_;     // acceptors that failed, to be tried again at the next look around
    std::vector<handle> connections_;      // the oldest first
    std::deque<handle> candidates_;
    awaited_redirect awaited_;
    closing_page page_;
    std::chrono::milliseconds patience_;
    clock::time_point next_look_{};

public:
    loopback_server(closing_page page, std::chrono::milliseconds patience) : page_(std::move(page)), patience_(patience) {}

    loopback_server(loopback_server const&) = delete;
    loopback_server& operator=(loopback_server const&) = delete;

    /// Listen for what comes back to `uri`. Returns the port.
    result<std::uint16_t> open(loopback_uri const& uri, std::vector<std::uint16_t> const& ports)
    {
        auto const port = listen(context_, uri.host, ports, acceptors_);
        if (!port) return port.error();
        awaited_ = {uri.origin(*port), uri.path, *port};
        for (std::size_t i = 0; i != acceptors_.size(); ++i) accept(i);
        return port;
    }

    /// Serve until something stands before the judge, until `end`, or until `stopped`.
    waited wait(clock::time_point end, std::atomic<bool> const& stopped)
    {
        for (;;)
        {
            if (stopped.load()) return waited::stopped;
            if (clock::now() >= end) return waited::late;
            if (!candidates_.empty()) return waited::candidate;
            step(end);
        }
    }

    /// What stands before the judge. Lives until it is answered.
    std::string_view candidate() const noexcept { return candidates_.front()->text.reveal(); }

    /// Answer it and go on.
    void answer(page_kind kind)
    {
        auto const c = std::move(candidates_.front());
        candidates_.pop_front();
        c->text.clear();
        if (c->is == state::judged) send(c, page_reply(page_, kind));
    }

    /// Answer it and serve until the answer has arrived or `end` has come.
    void answer_last(page_kind kind, clock::time_point end)
    {
        auto const c = candidates_.front();
        acceptors_.clear();
        answer(kind);
        while (c->is != state::closed && clock::now() < end) step(end);
    }

private:
    /// Do one thing, or look around: a flag is all that a signal handler may set, so the flag is asked ten times a second.
    void step(clock::time_point end)
    {
        context_.run_one_until(std::min(end, clock::now() + std::chrono::milliseconds(100)));
        auto const now = clock::now();
        if (now < next_look_) return;
        next_look_ = now + std::chrono::milliseconds(50);
        auto const open = connections_;
        for (auto const& c : open)
            if (c->deadline <= now) close(c);
        for (auto const i : std::exchange(resting_, {}))
            if (i < acceptors_.size()) accept(i);
    }

    void accept(std::size_t i)
    {
        auto const c = std::make_shared<connection>(context_);
        acceptors_[i].async_accept(c->socket, [this, i, c](error_code ec) {
            if (i >= acceptors_.size()) return;
            if (ec)
            {
                // Out of descriptors, most likely: a moment's rest, and one fewer of ours.
                if (!connections_.empty()) make_room();
                return resting_.push_back(i);
            }
            not_inherited(c->socket);
            if (connections_.size() >= most_connections) make_room();
            connections_.push_back(c);
            read(c);
            accept(i);
        });
    }

    void make_room()
    {
        auto const idle = std::find_if(connections_.begin(), connections_.end(), [](handle const& c) { return c->is != state::judged; });
        close(idle == connections_.end() ? connections_.front() : *idle);
    }

    void read(handle const& c)
    {
        auto const room = c->buffer.max_size() - c->buffer.size();
        if (room == 0) return send(c, plain_reply(431));
        c->socket.async_read_some(c->buffer.prepare(std::min<std::size_t>(room, 4096)), [this, c](error_code ec, std::size_t size) {
            if (c->is != state::reading) return;
            if (ec) return close(c);
            // A browser opens connections ahead of need: the clock starts with the first byte.
            if (c->deadline == clock::time_point::max()) c->deadline = deadline_after(patience_);
            c->buffer.commit(size);
            parse(c);
        });
    }

    void parse(handle const& c)
    {
        namespace http = boost::beast::http;
        error_code ec;
        c->buffer.consume(c->parser.put(boost::asio::const_buffer(c->buffer.cdata()), ec));
        if (ec == http::error::need_more) ec = {};
        if (ec == http::error::body_limit) return send(c, plain_reply(413));
        if (ec == http::error::header_limit) return send(c, plain_reply(431));
        if (ec) return send(c, plain_reply(400));
        if (!c->parser.is_done()) return read(c);

        auto sorted = sort_request(c->parser.get(), awaited_);
        if (sorted.status == 200) return send(c, page_reply(page_, page_kind::waiting));
        if (sorted.status != 0) return send(c, plain_reply(sorted.status));
        c->text = std::move(sorted.text);
        c->is = state::judged;
        c->deadline = clock::time_point::max();
        candidates_.push_back(c);
    }

    void send(handle const& c, std::string answer)
    {
        c->is = state::answering;
        c->deadline = deadline_after(patience_);
        c->answer = std::move(answer);
        boost::asio::async_write(c->socket, boost::asio::buffer(c->answer), [this, c](error_code ec, std::size_t) {
            if (c->is != state::answering) return;
            if (!ec) c->socket.shutdown(loopback_socket::shutdown_send, ec);
            if (ec) return close(c);
            c->is = state::leaving;
            c->deadline = clock::now() + std::chrono::milliseconds(250);
            drain(c);
        });
    }

    /// Closing with unread bytes would reset the connection, and the browser would lose the page: read on until it has left.
    void drain(handle const& c)
    {
        c->buffer.clear();
        c->socket.async_read_some(c->buffer.prepare(4096), [this, c](error_code ec, std::size_t size) {
            if (c->is != state::leaving) return;
            c->dropped += size;
            if (ec || c->dropped > 16 * redirect_limit) return close(c);
            drain(c);
        });
    }

    void close(handle c)
    {
        // What stands before the judge stays there: its answer finds nobody, but the sign-in counts.
        c->is = state::closed;
        error_code ignored;
        c->socket.close(ignored);
        std::erase(connections_, c);
    }
};

} // namespace oauth::detail

#endif
