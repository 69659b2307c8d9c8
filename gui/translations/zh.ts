<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name>Mien</name>
    <message>
        <source>A camera gives what it can; a change starts it anew.</source>
        <translation>摄像头会尽量满足所选格式；更改后将重新启动摄像头。</translation>
    </message>
    <message>
        <source>A change starts the source anew.</source>
        <translation>更改后将重新启动来源。</translation>
    </message>
    <message>
        <source>Add your account to the group “video”, then sign out and in again:</source>
        <translation>请将您的账户加入“video”用户组，然后注销并重新登录：</translation>
    </message>
    <message>
        <source>Another language takes effect at the next start.</source>
        <translation>更改语言将在下次启动时生效。</translation>
    </message>
    <message>
        <source>Another program uses it: close that one.</source>
        <translation>另一个程序正在使用它：请关闭那个程序。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the camera gives it</source>
        <translation>摄像头原始画面</translation>
    </message>
    <message>
        <source>As the camera has it</source>
        <translation>由摄像头决定</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>At the desk</source>
        <translation>桌前（近处）</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>摄像头 {number}</translation>
    </message>
    <message>
        <source>Cannot start</source>
        <translation>无法开始</translation>
    </message>
    <message>
        <source>Check its address, and that the camera is on.</source>
        <translation>请检查地址是否正确，以及摄像头是否已开启。</translation>
    </message>
    <message>
        <source>Choose a camera</source>
        <translation>选择摄像头</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose the automatic one in the settings: it needs no graphics card.</source>
        <translation>请在设置中选择“自动”：它不需要显卡。</translation>
    </message>
    <message>
        <source>Click a face to see its bars (Up, Down)</source>
        <translation>点击某张人脸以查看其条形图（上、下方向键）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口的颜色</translation>
    </message>
    <message>
        <source>Connect it, or choose another one above.</source>
        <translation>请连接该摄像头，或在上方选择其他摄像头。</translation>
    </message>
    <message>
        <source>Connect one and press Start. Or open a file, or look at the demo.</source>
        <translation>请连接摄像头并按“开始”。也可以打开一个文件，或观看演示。</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Drawn faces, to see how it works</source>
        <translation>用绘制的人脸展示使用方法</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Expression of the selected face</source>
        <translation>所选人脸的表情</translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation>人脸 {number}</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Faces in the picture</source>
        <translation>画面中的人脸</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>录制文件夹</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Frames per second, over the last two seconds</source>
        <translation>最近两秒内的每秒帧数</translation>
    </message>
    <message>
        <source>From the capture of a picture to its reading: half of all take less than this</source>
        <translation>从采集画面到得出结果的时间：有一半的画面少于此值</translation>
    </message>
    <message>
        <source>How faces are looked for</source>
        <translation>查找人脸的方式</translation>
    </message>
    <message>
        <source>In Settings &gt; Privacy &amp; security &gt; Camera, allow it to desktop apps. If it is allowed, another program uses the camera: close that one.</source>
        <translation>请在“设置 &gt; 隐私和安全性 &gt; 相机”中允许桌面应用使用摄像头。如果已经允许，则是另一个程序正在使用摄像头：请关闭那个程序。</translation>
    </message>
    <message>
        <source>In System Settings &gt; Privacy &amp; Security &gt; Camera, allow it to the program that Mien was started from. If it is allowed, another program uses the camera: close that one.</source>
        <translation>请在“系统设置 &gt; 隐私与安全性 &gt; 摄像头”中，允许启动 Mien 的那个程序使用摄像头。如果已经允许，则是另一个程序正在使用摄像头：请关闭那个程序。</translation>
    </message>
    <message>
        <source>In the room</source>
        <translation>房间内（远处）</translation>
    </message>
    <message>
        <source>Is not installed: {command}</source>
        <translation>未安装：{command}</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>窗口的语言</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>实时画面</translation>
    </message>
    <message>
        <source>Longer is calmer, and slower to show a quick smile</source>
        <translation>时间越长越平稳，但一闪而过的微笑会显示得更慢</translation>
    </message>
    <message>
        <source>Look at the demo</source>
        <translation>观看演示</translation>
    </message>
    <message>
        <source>Mien may not use the camera</source>
        <translation>Mien 无权使用摄像头</translation>
    </message>
    <message>
        <source>Needs an NVIDIA card, and none is here.</source>
        <translation>需要 NVIDIA 显卡，而本机没有。</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>未找到摄像头</translation>
    </message>
    <message>
        <source>No face in view</source>
        <translation>画面中没有人脸</translation>
    </message>
    <message>
        <source>No graphics card is needed: the processor does the reading.</source>
        <translation>不需要显卡：由处理器进行识别。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open a video or a picture (Ctrl+O)</source>
        <translation>打开视频或图片（Ctrl+O）</translation>
    </message>
    <message>
        <source>Open the settings (Ctrl+,)</source>
        <translation>打开设置（Ctrl+,）</translation>
    </message>
    <message>
        <source>Pictures in a second</source>
        <translation>每秒画面数</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Set everything on this page back</source>
        <translation>将本页所有设置恢复为默认值</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Show it as a mirror does</source>
        <translation>镜像显示</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Small ones in large pictures</source>
        <translation>大画面中的小人脸</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Start the same source once more (Space)</source>
        <translation>再次启动同一来源（空格键）</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>The camera does not open</source>
        <translation>无法打开摄像头</translation>
    </message>
    <message>
        <source>The camera gives no picture</source>
        <translation>摄像头没有画面</translation>
    </message>
    <message>
        <source>The end of {name}</source>
        <translation>{name} 已播放完毕</translation>
    </message>
    <message>
        <source>The picture was lost</source>
        <translation>画面已中断</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used, and the old file is {file}.</source>
        <translation>无法读取设置：已使用默认值，旧文件保存为 {file}。</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used.</source>
        <translation>无法读取设置：已使用默认值。</translation>
    </message>
    <message>
        <source>The stream does not answer</source>
        <translation>视频流没有响应</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>This camera is not connected</source>
        <translation>该摄像头未连接</translation>
    </message>
    <message>
        <source>This engine cannot run here</source>
        <translation>该引擎无法在本机运行</translation>
    </message>
    <message>
        <source>This is a demo: the faces are drawn, and their readings mean nothing.</source>
        <translation>这是演示：人脸是绘制的，识别结果没有实际意义。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Unplug it and plug it in again.</source>
        <translation>请拔下摄像头，再重新插上。</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>What runs the face encoder</source>
        <translation>运行人脸编码器的引擎</translation>
    </message>
    <message>
        <source>Where recordings go</source>
        <translation>录制文件的保存位置</translation>
    </message>
    <message>
        <source>Whether boxes and labels are drawn into the video</source>
        <translation>是否将方框和标签绘制到视频中</translation>
    </message>
    <message>
        <source>Width and height of the picture, in pixels</source>
        <translation>画面的宽度和高度（像素）</translation>
    </message>
    <message>
        <source>With boxes and labels</source>
        <translation>带方框和标签</translation>
    </message>
    <message>
        <source>anger</source>
        <translation>愤怒</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>采集</translation>
    </message>
    <message>
        <source>contempt</source>
        <translation>轻蔑</translation>
    </message>
    <message>
        <source>crops</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>厌恶</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>恐惧</translation>
    </message>
    <message>
        <source>frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>happiness</source>
        <translation>高兴</translation>
    </message>
    <message>
        <source>latency {milliseconds} ms</source>
        <translation>延迟 {milliseconds} 毫秒</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>中性</translation>
    </message>
    <message>
        <source>painted per second</source>
        <translation>每秒绘制</translation>
    </message>
    <message>
        <source>recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>sadness</source>
        <translation>悲伤</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>to reading</source>
        <translation>到得出结果</translation>
    </message>
    <message>
        <source>to view</source>
        <translation>到显示</translation>
    </message>
    <message>
        <source>uncertainty {percent} %</source>
        <translation>不确定度 {percent} %</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>window thread</source>
        <translation>窗口线程</translation>
    </message>
    <message>
        <source>{percent} % of a core</source>
        <translation>单核的 {percent} %</translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation>{rate} 帧/秒</translation>
    </message>
    <message>
        <source>{rate} per second</source>
        <translation>每秒 {rate} 帧</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
</TS>
