using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fvm.Hosting;

/// <summary>Calls of Linux that .NET's sockets lack: whether one waits is its own matter, and not the socket's mode.</summary>
internal static partial class SocketCalls
{
    private const string Library = "libc";

    // Linux: MSG_DONTWAIT and MSG_NOSIGNAL; POLLIN; EINTR and EAGAIN.
    private const int Flags = 0x4040;
    private const short ReadyToRead = 1;
    private const int Interrupted = 4;
    private const int WouldWait = 11;

    /// <summary>Receives bytes, and waits for some.</summary>
    /// <returns>Their number; 0 at the end of the stream.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public static int Receive(SafeSocketHandle socket, Span<byte> buffer)
    {
        while (true)
        {
            // Waits if the socket does: it no longer does once .NET has sent something asynchronously.
            nint received = recv(socket, buffer, (nuint)buffer.Length, 0);
            if (received >= 0)
            {
                return (int)received;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case WouldWait:
                    Span<PollEntry> entries = [new PollEntry { Descriptor = (int)socket.DangerousGetHandle(), Events = ReadyToRead }];
                    _ = poll(entries, 1, -1);
                    break;
                default:
                    throw new SocketException((int)SocketError.ConnectionReset);
            }
        }
    }

    /// <summary>Sends as many bytes as the peer has room for.</summary>
    /// <returns>Their number; 0 if there is no room.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public static int TrySend(SafeSocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint sent = send(socket, bytes, (nuint)bytes.Length, Flags);
            if (sent >= 0)
            {
                return (int)sent;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case WouldWait:
                    return 0;
                default:
                    throw new SocketException((int)SocketError.ConnectionReset);
            }
        }
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint recv(SafeSocketHandle socket, Span<byte> buffer, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nuint length, int flags);

    [LibraryImport(Library)]
    private static partial int poll(Span<PollEntry> entries, nuint count, int timeout);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }
}
