using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Node;

/// <summary>IPC: JSON values one after another on a Unix socket, without framing.</summary>
internal static class IpcSocket
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A socket at a path, which only the owner of the process may connect to.</summary>
    /// <exception cref="SocketException">There is something already, or none can be made.</exception>
    public static Socket Bind(UnixDomainSocketEndPoint place)
    {
        Socket socket = new(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // On Linux the file has the socket's mode from the beginning.
            if (OperatingSystem.IsLinux())
            {
                using SafeFileHandle handle = new(socket.Handle, ownsHandle: false);
                File.SetUnixFileMode(handle, OwnerOnly);
            }

            socket.Bind(place);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(place.ToString(), OwnerOnly);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Serves a connection until its end.</summary>
    public static async Task ServeAsync(ConnectionContext connection, RpcDispatcher dispatcher)
    {
        PipeWriter output = connection.Transport.Output;
        using RpcSession session = new(dispatcher, async (message, cancellation) =>
        {
            output.Write(message.Span);
            output.Write("\n"u8);
            await output.FlushAsync(cancellation);
        });
        using CancellationTokenRegistration end = connection.ConnectionClosed.Register(session.Close);
        Task sending = session.SendAllAsync();
        try
        {
            await ReceiveAsync(connection.Transport.Input, session, dispatcher.Limits);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is gone, or reads no more.
        }

        session.Close();
        try
        {
            await sending;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // As above.
        }
    }

    private static async Task ReceiveAsync(PipeReader input, RpcSession session, RpcLimits limits)
    {
        JsonFraming framing = new(limits);
        while (true)
        {
            ReadResult read = await input.ReadAsync(session.Closed);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (framing.TryTake(ref buffer, out byte[]? message))
            {
                await session.ReceiveAsync(message);
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (framing.Fault is string fault)
            {
                // Where the next value would begin is unknown.
                _ = session.Push(RpcDispatcher.ErrorWithoutId(RpcErrorCode.ParseError, fault));
                await Task.Delay(TimeSpan.FromMilliseconds(100), session.Closed);
                return;
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
