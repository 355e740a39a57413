using System.Net.Sockets;
using NUnit.Framework;

namespace Fvm.Files.Tests;

/// <summary>What becomes of a socket that lies at the server's path.</summary>
public sealed class SocketFileTests
{
    private string _path = null!;

    [SetUp]
    public void Name() => _path = Path.Combine(Path.GetTempPath(), $"fvm-{Guid.NewGuid():n}.sock");

    [TearDown]
    public void Remove() => File.Delete(_path);

    [Test]
    public void A_socket_that_nobody_serves_is_removed()
    {
        Listen().Dispose();

        SocketFile.Clear(_path);

        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public async Task A_socket_whose_server_is_just_ending_is_removed()
    {
        Socket listener = Listen();
        Task ending = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            listener.Dispose();
        });

        SocketFile.Clear(_path);

        Assert.That(File.Exists(_path), Is.False);
        await ending;
    }

    [Test]
    public void A_socket_that_is_served_is_not_removed()
    {
        using Socket listener = Listen();

        Assert.That(() => SocketFile.Clear(_path), Throws.TypeOf<IOException>().With.Message.EndsWith("another server listens there"));
        Assert.That(File.Exists(_path));
    }

    [Test]
    public async Task Nor_is_one_whose_server_closes_every_connection()
    {
        using Socket listener = Listen();
        Task closing = Task.Run(async () =>
        {
            while (true)
            {
                (await listener.AcceptAsync()).Dispose();
            }
        });

        Assert.That(() => SocketFile.Clear(_path), Throws.TypeOf<IOException>().With.Message.EndsWith("another server listens there"));
        Assert.That(File.Exists(_path));
        listener.Dispose();
        Assert.That(async () => await closing, Throws.InstanceOf<SocketException>().Or.InstanceOf<ObjectDisposedException>());
    }

    // .NET removes the file when a socket is disposed of that bound it, which a killed process does not.
    private Socket Listen()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string bound = _path + ".bound";
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, _path);
        socket.Listen();
        return socket;
    }
}
