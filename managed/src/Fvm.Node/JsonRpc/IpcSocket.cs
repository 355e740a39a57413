using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Fvm.Node;

/// <summary>IPC: JSON values one after another on a Unix socket, without framing.</summary>
internal static class IpcSocket
{
    /// <summary>Removes a socket file on which nobody listens.</summary>
    /// <exception cref="IOException">Somebody listens, or the file is no socket.</exception>
    public static void Clear(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (new FileInfo(path).Length > 0)
        {
            throw new IOException($"'{path}' is no socket: name another path");
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"'{path}' is no socket to listen on: {e.Message}");
        }

        throw new IOException($"another process listens on '{path}': end it, or name another path");
    }

    /// <summary>Lets only the owner connect.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
