#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_SECRET_BODY_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_SECRET_BODY_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/errc.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional/optional.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace oauth::detail {

/// A Beast Body that is read into a @ref secret, so that no buffer of it is freed without being wiped.
struct secret_body
{
    using value_type = secret;

    class reader
    {
        secret& body_;

    public:
        template <bool IsRequest, class Fields>
        reader(boost::beast::http::header<IsRequest, Fields>&, value_type& body) : body_(body)
        {
        }

        /// The parser has compared `length` to its limit before.
        void init(boost::optional<std::uint64_t> const& length, error_code& ec)
        {
            ec = {};
            if (!length) return;
            std::string room;
            room.reserve(static_cast<std::size_t>(*length));
            body_ = secret(std::move(room));
        }

        template <class Buffers>
        std::size_t put(Buffers const& buffers, error_code& ec)
        {
            ec = {};
            std::size_t size = 0;
            for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers); ++at)
            {
                boost::asio::const_buffer const piece(*at);
                body_.append({static_cast<char const*>(piece.data()), piece.size()});
                size += piece.size();
            }
            return size;
        }

        void finish(error_code& ec) { ec = {}; }
    };
};

} // namespace oauth::detail

#endif
